print("High water at 04:12")
