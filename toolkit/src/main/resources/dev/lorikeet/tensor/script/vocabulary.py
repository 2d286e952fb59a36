  # The vectors of ids (batch, time) in a table [vectors, descriptor, auxiliary …].
  def lookup(self: __torch__.Ops, ids: Tensor, table: List[Tensor]) -> Tensor:
    f = annotate(List[float], table[1].tolist())
    if f[FORMAT] == DENSE:
      return torch.embedding(table[0], ids)
    return self.dequantize_rows(table, f, ids.reshape([-1])).reshape([ids.size(0), ids.size(1), -1])

  # Token vectors in float32, scaled.
  def embed(self: __torch__.Ops, ids: Tensor, scale: Tensor, table: List[Tensor]) -> Tensor:
    x = self.lookup(ids, table).to(FLOAT32)
    by = float(scale)
    if by != 1.0:
      x = x * by
    return x

  # Token vectors plus vectors of their positions.
  def embed_positions(self: __torch__.Ops, ids: Tensor, scale: Tensor, positions: Tensor, table: List[Tensor], position_table: List[Tensor]) -> Tensor:
    return self.embed(ids, scale, table) + self.lookup(positions, position_table).to(FLOAT32)

  # The final norm and the head for some rows of (batch * time), or all if there are none. The options are 1 while training, the factor
  # on logits, and their cap or 0.
  def head(self: __torch__.Ops, x: Tensor, rows: Tensor, options: Tensor, norm: List[Tensor], projection: List[Tensor]) -> Tensor:
    o = annotate(List[float], options.tolist())
    h = x.reshape([-1, x.size(-1)])
    if rows.numel() > 0:
      h = torch.index_select(h, 0, rows)
    y = self.project(self.norm(h, norm), projection, o[0] > 0.0).to(FLOAT32)
    if o[1] != 1.0:
      y = y * o[1]
    if o[2] > 0.0:
      y = torch.tanh(y / o[2]) * o[2]
    return y

