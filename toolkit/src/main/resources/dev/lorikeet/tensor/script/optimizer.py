  def global_norm(self: __torch__.Ops, first: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(arrays)))

  def adamw(self: __torch__.Ops, settings: Tensor, weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], variances: List[Tensor]) -> Tensor:
    s = annotate(List[float], settings.tolist())
    step = torch.full([], s[5], dtype=6, device=weights[0].device)
    divisor = torch.full([], s[6], dtype=6, device=weights[0].device)
    steps = annotate(List[Tensor], [])
    for i in range(len(weights)):
      steps.append(step)
    torch._fused_adamw_(weights, gradients, means, variances, annotate(List[Tensor], []), steps, lr=s[0], beta1=s[1], beta2=s[2], weight_decay=s[4], eps=s[3], amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
    torch._foreach_zero_(gradients)
    return settings
