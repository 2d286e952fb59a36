# The functions that Java calls, as methods of one module. The files of this folder are written one after the other into the archive.
class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  whole_gemv : bool

