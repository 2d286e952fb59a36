  # Says how single rows are multiplied from now on: by the engine's own product, or by eight of an eighth of the columns each.
  def set_whole_gemv(self: __torch__.Ops, whole: bool) -> None:
    self.whole_gemv = whole

  # x (n, in) · wᵀ (in, out). Few float32 rows on a CPU are split over eight products, which read the matrix with all threads.
  def linear(self: __torch__.Ops, x: Tensor, w: Tensor) -> Tensor:
    n = x.size(0)
    step = w.size(0) // 8
    if n > 16 or step == 0 or x.dtype != FLOAT32 or x.is_cuda or (n == 1 and self.whole_gemv):
      return torch.linear(x, w)
    rest = w.size(0) - 8 * step
    whole = w
    if rest > 0:
      whole = w.narrow(0, 0, 8 * step)
    eighths = whole.view([8, step, -1])
    y = torch.bmm(eighths, x.t().expand([8, -1, -1])).view([8 * step, n]).t()
    if rest > 0:
      y = torch.cat([y, torch.linear(x, w.narrow(0, 8 * step, rest))], 1)
    return y

  # x (n, in) times a quantized weight, p as in project and f its descriptor. Packed weights and rows of int8 have a product of their
  # own; others are dequantized, large ones a few rows at a time so that they stay in the cache.
  def quantized_linear(self: __torch__.Ops, x: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    format = int(f[FORMAT])
    if format == PACKED_INT4:
      y = torch._weight_int4pack_mm_for_cpu(x, p[0], int(f[GROUP_SIZE]), p[4])
      if f[AUXILIARY] > 1.0:
        y = y.add_(torch._weight_int4pack_mm_for_cpu(x, p[5], int(f[GROUP_SIZE]), p[6]))
      return y
    rows = int(f[ROWS])
    columns = int(f[COLUMNS])
    if format == AFFINE_INT8 and f[AUXILIARY] == 1.0 and p[4].numel() == rows and columns % 16 == 0 and x.dtype == BFLOAT16 and x.size(0) <= 8 and not (x.requires_grad or x.is_cuda):
      return torch._weight_int8pack_mm(x, p[0].view([rows, columns]), p[4].to(BFLOAT16))
    few = x.size(0) <= 16 and not x.is_cuda
    step = rows
    if rows * columns >= 4194304:
      step = 2048
    h = x
    if few:
      step = max(524288 // columns // 8, 1) * 8
      h = x.to(FLOAT32)
    if format == NF4_DOUBLE or rows <= step:
      w = torch.empty([rows, columns], dtype=FLOAT32, device=x.device)
      w = self.dequantize(w, f, p[0], p, 4)
      return self.linear(h, w.to(h.dtype)).to(x.dtype)
    qweight = p[0].reshape([rows, -1])
    pieces = annotate(List[Tensor], [])
    for start in range(0, rows, step):
      count = min(step, rows - start)
      w = torch.empty([count, columns], dtype=FLOAT32, device=x.device)
      w = self.dequantize(w, f, qweight.narrow(0, start, count), self.row_auxiliary(f, p, 4, start, count), 0)
      pieces.append(self.linear(h, w.to(h.dtype)))
    return torch.cat(pieces, 1).to(x.dtype)

  # x (n, in) · Wᵀ + b, without adapters.
  def base_linear(self: __torch__.Ops, x: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    biased = p[1].numel() > 0
    if f[FORMAT] == DENSE:
      w = p[0].to(x.dtype)
      if biased and x.size(0) > 16:
        return torch.linear(x, w, p[1].to(x.dtype))
      y = self.linear(x, w)
    else:
      y = self.quantized_linear(x, p, f)
    if biased:
      y = y + p[1].to(x.dtype)
    return y

  # x (n, in) · Wᵀ + b + Σ scale · dropout(x)AᵀBᵀ. p: weight, bias or empty, an empty tensor of the compute dtype, the weight's
  # descriptor and auxiliary tensors, then for each adapter A (rank, in), B (rows, rank) and [scale, dropout, first row].
  def project(self: __torch__.Ops, x: Tensor, p: List[Tensor], training: bool) -> Tensor:
    h = x.to(p[2].dtype)
    f = annotate(List[float], p[3].tolist())
    y = self.base_linear(h, p, f)
    first = 4 + int(f[AUXILIARY])
    for i in range((len(p) - first) // 3):
      a = p[first + 3 * i].to(h.dtype)
      b = p[first + 1 + 3 * i].to(h.dtype)
      settings = annotate(List[float], p[first + 2 + 3 * i].tolist())
      dropout = settings[1]
      start = int(settings[2])
      d = h
      if training and dropout > 0.0:
        d = torch.dropout(h, dropout, True)
      rest = y.size(1) - start - b.size(0)
      if start > 0 or rest > 0:
        b = torch.constant_pad_nd(b, [0, 0, start, rest])
      y = torch.addmm_(y, torch.linear(d, a), b.t(), beta=1, alpha=settings[0])
    return y

  # project, to be called from Java.
  def project_rows(self: __torch__.Ops, x: Tensor, training: Tensor, projection: List[Tensor]) -> Tensor:
    return self.project(x, projection, bool(training))

