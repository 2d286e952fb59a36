  # The summed cross-entropy of logits (rows, classes) and labels (rows), each times its weight if there are weights, and how many
  # labels have the highest logit. The logits are used up: unless gradient_scale is 0 they hold gradient_scale times the loss's
  # gradient afterwards.
  def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor, weights: Tensor, gradient_scale: Tensor) -> Tensor:
    p = torch.detach(logits)
    p.sub_(torch.amax(p, [1], True))
    label = labels.unsqueeze(1)
    picked = torch.gather(p, 1, label)
    p.exp_()
    sums = torch.sum(p, [1], True)
    losses = torch.log(sums) - picked
    scale = torch.full_like(sums, float(gradient_scale))
    if weights.numel() > 0:
      losses = losses * weights.unsqueeze(1)
      scale = scale * weights.unsqueeze(1)
    loss = torch.sum(losses)
    correct = torch.sum(torch.eq(picked, 0.0)).to(FLOAT32)
    if float(gradient_scale) != 0.0:
      p.mul_(torch.reciprocal(sums).mul_(scale))
      p.scatter_add_(1, label, torch.neg(scale))
    return torch.stack([loss, correct])

