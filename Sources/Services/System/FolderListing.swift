internal import Glibc

/// The names in a folder, in no order; empty when it cannot be read.
func namesOfFiles(in folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let name = nextName(in: stream) { names.append(String(cString: name)) }
  return names
}

/// The next name of an open folder, valid until the next call; nil at the end.
///
/// Works on the entry in place: a copy of `dirent` would read past entries, which are as short as their names.
func nextName(in stream: OpaquePointer) -> UnsafePointer<CChar>? {
  guard let entry = readdir(stream), let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
  return UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
}
