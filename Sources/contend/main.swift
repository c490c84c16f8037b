print("contend")
