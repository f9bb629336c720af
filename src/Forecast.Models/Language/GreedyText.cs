using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Continues tokens with the likeliest next one, again and again.</summary>
internal static class GreedyText
{
    /// <param name="network">A language model.</param>
    /// <param name="prompts">One sequence each, none empty; lengths may differ.</param>
    /// <param name="count">Tokens to add to each.</param>
    /// <param name="cached">Whether keys and values are kept from step to step; without, everything is worked out anew (the plain reference).</param>
    /// <returns>The added tokens of each.</returns>
    public static long[][] Continue(LanguageModel network, IReadOnlyList<IReadOnlyList<long>> prompts, int count, bool cached)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var cache = cached ? new KeyValueCache(network) : null;
        var device = network.parameters().First().device;
        var (tokens, mask) = Padded(prompts, device);
        var added = prompts.Select(_ => new long[count]).ToArray();
        for (var step = 0; step < count; step++)
        {
            using var inner = NewDisposeScope();
            var positions = (mask.cumsum(1) - 1).clamp_min(0);
            var news = cached && step > 0 ? tokens.narrow(1, tokens.shape[1] - 1, 1) : tokens;
            positions = positions.narrow(1, positions.shape[1] - news.shape[1], news.shape[1]);
            var hidden = network.Run(network.Embed(news), mask, positions, cache);
            var next = network.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1)).argmax(-1);
            var values = next.cpu().data<long>().ToArray();
            for (var i = 0; i < added.Length; i++) added[i][step] = values[i];
            (tokens, mask) = (cat([tokens, next], 1).MoveToOuterDisposeScope(), cat([mask, ones_like(next)], 1).MoveToOuterDisposeScope());
        }

        return added;
    }

    /// <summary>Padded on the left, so that all sequences end, and go on, at the same place.</summary>
    private static (Tensor Tokens, Tensor Mask) Padded(IReadOnlyList<IReadOnlyList<long>> prompts, Device device)
    {
        var length = prompts.Max(p => p.Count);
        var (tokens, mask) = (new long[prompts.Count * length], new long[prompts.Count * length]);
        for (var i = 0; i < prompts.Count; i++)
        {
            var start = (i * length) + length - prompts[i].Count;
            for (var t = 0; t < prompts[i].Count; t++) (tokens[start + t], mask[start + t]) = (prompts[i][t], 1);
        }

        return (tensor(tokens, [prompts.Count, length]).to(device), tensor(mask, [prompts.Count, length]).to(device));
    }
}
