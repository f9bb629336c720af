using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>
/// Forecasts of any horizon. A pass gives up to R patches: R - 1 empty ones stand behind the context, and the last R are read. Where
/// patches remain, as many missing values go behind the context, which is cut to the trained length and scaled anew.
/// </summary>
internal static class TirexRollout
{
    /// <param name="network">The network.</param>
    /// <param name="context">[B, L], NaN = not observed, L any length of at least 1.</param>
    /// <param name="horizon">H, at least 1.</param>
    /// <param name="patchesPerPass">R, at least 1.</param>
    /// <param name="bfloat16">Precision of the recurrences.</param>
    /// <param name="stack">Runs the blocks on [B, P, p] tokens; null = the network's own, from the start of the series.</param>
    /// <returns>[B, H, quantile], in the context's unit, as the network gives them: they may cross.</returns>
    public static Tensor Run(TirexNetwork network, Tensor context, int horizon, int patchesPerPass, bool bfloat16, Func<Tensor, Tensor>? stack = null)
    {
        using var scope = NewDisposeScope();
        var config = network.Config;
        stack ??= tokens => network.Stack(network.Embed(tokens), null, bfloat16).Output;
        var left = (horizon + config.Patch - 1) / config.Patch;
        var seen = TirexContext.Fit(context, config.ContextLength);
        var parts = new List<Tensor>();
        while (left > 0)
        {
            var now = Math.Min(left, patchesPerPass);
            parts.Add(Pass(network, seen, now, stack));
            left -= now;
            if (left > 0) seen = TirexContext.Fit(nn.functional.pad(seen, (0, (long)now * config.Patch), value: double.NaN), config.ContextLength);
        }

        return cat(parts, 1).narrow(1, 0, horizon).MoveToOuterDisposeScope();
    }

    private static Tensor Pass(TirexNetwork network, Tensor seen, int patches, Func<Tensor, Tensor> stack)
    {
        using var scope = NewDisposeScope();
        var (tokens, loc, scale) = TirexContext.Of(seen, network.Config.Patch);
        if (patches > 1) tokens = nn.functional.pad(tokens, (0, 0, 0, patches - 1), value: double.NaN);
        var features = stack(tokens.to(ScalarType.Float32));
        var raw = network.Read(features.narrow(1, features.shape[1] - patches, patches));
        var values = raw.transpose(2, 3).reshape(raw.shape[0], (long)patches * network.Config.Patch, network.Config.Quantiles.Count);
        return ((values * scale.unsqueeze(2)) + loc.unsqueeze(2)).MoveToOuterDisposeScope();
    }
}
