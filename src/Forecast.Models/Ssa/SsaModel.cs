using Forecast.Models.Catalogue;

namespace Forecast.Models.Ssa;

/// <summary>How the catalogue writes and makes <see cref="SsaForecaster"/>.</summary>
public static class SsaModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "ssa",
        "Singular spectrum analysis: trend and waves from the leading singular vectors of lagged windows, continued by their linear recurrence.",
        "ssa(L,r)[m]{method: recurrent|vector, max_rank: n}; window L and rank r are chosen on each training window where they are left out, as in ssa, ssa(36) or ssa(auto,6)",
        "ssa(14,3)",
        [
            new OptionSchema("method", OptionKind.Choice, "How the signal is continued: by its linear recurrence (as ML.NET does) or by vectors that stay in the signal space.", "recurrent") { Choices = ["recurrent", "vector"] },
            new OptionSchema("max_rank", OptionKind.Integer, "Most singular vectors that the automatic choice takes.", "20") { Minimum = 1 },
        ],
        arguments =>
        {
            arguments.Allow(1, period: true);
            var list = arguments.Spec.Arguments.Count > 0 ? arguments.Spec.Arguments[0] : [];
            if (list.Count > 2) throw arguments.Invalid($"({string.Join(",", list)}) should be (L,r)");
            return new SsaForecaster(new SsaOptions
            {
                Window = list.Count > 0 ? Number(arguments, list[0], "window") : null,
                Rank = list.Count > 1 ? Number(arguments, list[1], "rank") : null,
                Period = arguments.Period(),
                Method = arguments.Choice("method") is "vector" ? SsaForecastMethod.Vector : SsaForecastMethod.Recurrent,
                MaxRank = arguments.Integer("max_rank", 1) ?? SsaOptions.DefaultMaxRank,
            });
        });

    private static int? Number(ModelArguments arguments, string text, string name)
    {
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return null;
        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var value)
            ? value
            : throw arguments.Invalid($"{name} '{text}' is neither auto nor a whole number");
    }
}
