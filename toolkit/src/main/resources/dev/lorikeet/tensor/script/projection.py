  def take_row_at_once(self: __torch__.Ops, like: Tensor, wanted: Tensor) -> Tensor:
    self.row_at_once = bool(wanted)
    return like

  def product(self: __torch__.Ops, h: Tensor, w: Tensor) -> Tensor:
    n = h.size(0)
    step = w.size(0) // 8
    if n > 16 or step == 0 or h.dtype != 6 or h.is_cuda or (n == 1 and self.row_at_once):
      return torch.linear(h, w)
    rest = w.size(0) - 8 * step
    whole = w
    if rest > 0:
      whole = w.narrow(0, 0, 8 * step)
    blocks = whole.view([8, step, -1])
    y = torch.bmm(blocks, h.t().expand([8, -1, -1])).view([8 * step, n]).t()
    if rest > 0:
      y = torch.cat([y, torch.linear(h, w.narrow(0, 8 * step, rest))], 1)
    return y

  def coded_product(self: __torch__.Ops, h: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    kind = int(f[0])
    if kind == 7:
      y = torch._weight_int4pack_mm_for_cpu(h, p[0], int(f[4]), p[4])
      if f[3] > 1.0:
        y = y.add_(torch._weight_int4pack_mm_for_cpu(h, p[5], int(f[4]), p[6]))
      return y
    rows = int(f[1])
    columns = int(f[2])
    if kind == 1 and p[4].numel() == rows and columns % 16 == 0 and h.dtype == 15 and h.size(0) <= 8 and not (h.requires_grad or h.is_cuda):
      return torch._weight_int8pack_mm(h, p[0].view([rows, columns]), p[4].to(15))
    few = h.size(0) <= 16 and not h.is_cuda
    step = rows
    if rows * columns >= 4194304:
      step = 2048
    x = h
    if few:
      step = max(524288 // columns // 8, 1) * 8
      x = h.to(6)
    if kind == 4 or rows <= step:
      w = torch.empty([rows, columns], dtype=6, device=h.device)
      w = self.dequantize(w, kind, p[0], p, 4, f[4])
      return self.product(x, w.to(x.dtype)).to(h.dtype)
    codes = p[0].reshape([rows, -1])
    pieces = annotate(List[Tensor], [])
    for start in range(0, rows, step):
      count = min(step, rows - start)
      c = annotate(List[Tensor], [])
      for i in range(4, 4 + int(f[3])):
        if kind == 3 and i == 4:
          c.append(p[i])
        else:
          c.append(p[i].reshape([rows, -1]).narrow(0, start, count).reshape([-1]))
      w = torch.empty([count, columns], dtype=6, device=h.device)
      w = self.dequantize(w, kind, codes.narrow(0, start, count), c, 0, f[4])
      pieces.append(self.product(x, w.to(x.dtype)))
    return torch.cat(pieces, 1).to(h.dtype)

  def multiply(self: __torch__.Ops, h: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    biased = p[1].numel() > 0
    if f[0] == 0.0:
      w = p[0].to(h.dtype)
      if biased and h.size(0) > 16:
        return torch.linear(h, w, p[1].to(h.dtype))
      y = self.product(h, w)
    else:
      y = self.coded_product(h, p, f)
    if biased:
      y = y + p[1].to(h.dtype)
    return y

  def project(self: __torch__.Ops, x: Tensor, p: List[Tensor], training: bool) -> Tensor:
    h = x.to(p[2].dtype)
    f = annotate(List[float], p[3].tolist())
    y = self.multiply(h, p, f)
    first = 4 + int(f[3])
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

  def project_rows(self: __torch__.Ops, x: Tensor, training: Tensor, p: List[Tensor]) -> Tensor:
    return self.project(x, p, bool(training))
