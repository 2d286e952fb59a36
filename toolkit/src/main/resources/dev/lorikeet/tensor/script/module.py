class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  row_at_once : bool
