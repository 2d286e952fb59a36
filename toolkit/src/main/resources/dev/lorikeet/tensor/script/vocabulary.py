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

  # The pooler of an encoder: a projection, an activation, perhaps a norm. The options are 1 while training and the activation.
  def pool(self: __torch__.Ops, x: Tensor, options: Tensor, dense: List[Tensor], norm: List[Tensor]) -> Tensor:
    o = annotate(List[float], options.tolist())
    h = self.activate(self.project(x, dense, o[0] > 0.0), int(o[1]))
    if len(norm) > 1:
      h = self.norm(h.to(FLOAT32), norm)
    return h

  # The mean of the rows of x (batch, time, width) that are no padding: (batch, width).
  def mean_of_tokens(self: __torch__.Ops, x: Tensor, keep: Tensor) -> Tensor:
    weights = keep.to(FLOAT32).unsqueeze(1)
    return torch.bmm(weights, x.to(FLOAT32)).squeeze(1) / torch.sum(weights, [2])

  # A vector for each text: the mean of its tokens, its first or its last one, perhaps scaled to length 1.
  def text_vectors(self: __torch__.Ops, x: Tensor, keep: Tensor, settings: Tensor) -> Tensor:
    how = int(settings[0])
    if how == 0:
      v = self.mean_of_tokens(x, keep)
    elif how == 1:
      v = torch.select(x, 1, 0).to(FLOAT32)
    else:
      last = torch.sum(keep.to(INT64), [1]) - 1
      v = torch.squeeze(torch.gather(x.to(FLOAT32), 1, last.reshape([-1, 1, 1]).expand([-1, 1, x.size(2)])), 1)
    if int(settings[1]) > 0:
      v = v / torch.clamp_min(torch.sqrt(torch.sum(v * v, [1], True)), 1.0e-12)
    return v

  # The head of an encoder for some rows of (batch * time), or with keep for those of the means of texts, or for all if there are none:
  # final norm, pooler, its norm, head. A part that is left out is a list of one empty tensor. The options are those of pool.
  def encoder_head(self: __torch__.Ops, x: Tensor, rows: Tensor, keep: Tensor, options: Tensor, norm: List[Tensor], dense: List[Tensor], pooler_norm: List[Tensor], projection: List[Tensor]) -> Tensor:
    if keep.numel() > 0:
      n = x
      if len(norm) > 1:
        n = self.norm(x, norm)
      h = self.mean_of_tokens(n, keep)
    else:
      h = x.reshape([-1, x.size(-1)])
    if rows.numel() > 0:
      h = torch.index_select(h, 0, rows)
    if keep.numel() == 0 and len(norm) > 1:
      h = self.norm(h, norm)
    if len(dense) > 1:
      h = self.pool(h, options, dense, pooler_norm)
    return self.project(h, projection, float(options[0]) > 0.0).to(FLOAT32)

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

