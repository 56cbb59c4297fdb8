"""How long training, decoding and measures take, contenders in turns."""
