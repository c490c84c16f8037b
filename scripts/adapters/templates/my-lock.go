// A lock for contend: copy this file and put your library into acquire and release. Run it with: go build my-lock.go
//
// As it stands it is a real lock between processes of one machine: byte number `key` of one file (fcntl).
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

type message map[string]any

var (
	setting     message // what `configure` said: services, namespace, options
	lockFile, _ = os.OpenFile(filepath.Join(os.TempDir(), "my-lock.lock"), os.O_RDWR|os.O_CREATE, 0o666)
)

// openWorker connects, to setting["services"] for example. Nothing measures how long it takes.
func openWorker() error { return nil }

func lockByte(kind int16, key int64) error {
	return syscall.FcntlFlock(lockFile.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: kind, Start: key, Len: 1})
}

// acquire says whether the lock is held now; it waits at most so long. Every name on a server begins with the namespace.
func acquire(key int64, wait, ttl time.Duration) (bool, error) {
	for end := time.Now().Add(wait); ; time.Sleep(time.Millisecond) {
		switch err := lockByte(syscall.F_WRLCK, key); {
		case err == nil:
			return true, nil
		case err != syscall.EAGAIN && err != syscall.EACCES:
			return false, err
		case time.Now().After(end):
			return false, nil
		}
	}
}

// release says "released", or "lost" if your library tells that it was not held any more, or "unknown" if it cannot tell.
func release(key int64) (string, error) {
	return "released", lockByte(syscall.F_UNLCK, key)
}

func number(request message, name string) int64 {
	value, _ := request[name].(float64)
	return int64(value)
}

func answer(request message) (message, error) {
	milliseconds := func(name string) time.Duration { return time.Duration(number(request, name)) * time.Millisecond }
	switch request["type"] {
	case "hello":
		return message{"type": "hello", "version": 1, "name": "my lock", "library": "fcntl", "library_version": "1",
			"role": "lock", "lease": "none", "concurrency": "one", "max_workers": 1, "retries": "none"}, nil
	case "configure":
		setting = request
		return message{"type": "ok"}, nil
	case "open":
		return message{"type": "opened"}, openWorker()
	case "acquire":
		held, err := acquire(number(request, "key"), milliseconds("wait_ms"), milliseconds("ttl_ms"))
		if held {
			return message{"type": "granted"}, err
		}
		return message{"type": "not_acquired"}, err
	case "release":
		outcome, err := release(number(request, "key"))
		return message{"type": outcome}, err
	case "ping":
		return message{"type": "pong"}, nil
	case "close", "cancel":
		return message{"type": "ok"}, nil
	}
	return message{"type": "unsupported"}, nil
}

func main() {
	if os.Getenv("CONTEND_ADAPTER") == "" {
		os.Stderr.WriteString("contend starts this program\n")
		os.Exit(64)
	}
	requests := bufio.NewScanner(os.NewFile(3, "requests"))
	requests.Buffer(nil, 1<<20)
	replies := json.NewEncoder(os.NewFile(4, "replies"))
	for requests.Scan() {
		var request message
		if json.Unmarshal(requests.Bytes(), &request) != nil || request["type"] == "bye" {
			return
		}
		reply, err := answer(request)
		if err != nil {
			reply = message{"type": "error", "message": err.Error()}
		}
		reply["id"] = request["id"]
		replies.Encode(reply)
	}
}
