  def lookup(self: __torch__.Ops, ids: Tensor, t: List[Tensor]) -> Tensor:
    f = annotate(List[float], t[1].tolist())
    kind = int(f[0])
    if kind == 0:
      return torch.embedding(t[0], ids)
    rows = int(f[1])
    columns = int(f[2])
    wanted = ids.reshape([-1])
    codes = torch.index_select(t[0].reshape([rows, -1]), 0, wanted)
    c = annotate(List[Tensor], [])
    for i in range(2, len(t)):
      if i == 2 and (kind == 3 or kind == 4):
        c.append(t[i])
      else:
        c.append(torch.index_select(t[i].reshape([rows, -1]), 0, wanted).reshape([-1]))
    w = torch.empty([wanted.numel(), columns], dtype=6, device=ids.device)
    return self.dequantize(w, kind, codes, c, 0, f[4]).reshape([ids.size(0), ids.size(1), columns])

  # Token vectors in float32, scaled.
  def embed(self: __torch__.Ops, ids: Tensor, scale: Tensor, tables: List[Tensor]) -> Tensor:
    x = self.lookup(ids, tables).to(6)
    by = float(scale)
    if by != 1.0:
      x = x * by
    return x

  # Token vectors plus vectors of their positions.
  def embed_positions(self: __torch__.Ops, ids: Tensor, scale: Tensor, positions: Tensor, tokens: List[Tensor], table: List[Tensor]) -> Tensor:
    return self.embed(ids, scale, tokens) + self.lookup(positions, table).to(6)

  # The final norm and the head for some rows of (batch * time), or all. The options are 1 while training, the factor on logits, and
  # their cap or 0.
  def head(self: __torch__.Ops, x: Tensor, rows: Tensor, options: Tensor, norm: List[Tensor], weights: List[Tensor]) -> Tensor:
    o = annotate(List[float], options.tolist())
    h = x.reshape([-1, x.size(-1)])
    if rows.numel() > 0:
      h = torch.index_select(h, 0, rows)
    y = self.project(self.norm(h, norm), weights, o[0] > 0.0).to(6)
    if o[1] != 1.0:
      y = y * o[1]
    if o[2] > 0.0:
      y = torch.tanh(y / o[2]) * o[2]
    return y
