using Forecast.Core;

namespace Forecast.Models.Verification;

/// <summary>The list of all verifiers.</summary>
public static class GoldenVerifiers
{
    public static IReadOnlyList<IGoldenVerifier> All { get; } =
    [
        new Ttm.TtmVerifier(),
        new Tirex.TirexVerifier(),
        new Xlstm.XlstmVerifier(),
        new Language.LanguageVerifier(),
        new Smetimes.SmetimesVerifier(),
        new LstmMdn.MixtureVerifier(),
    ];

    /// <param name="model">What was asked for; null = by the file's family.</param>
    /// <param name="family">What the file says; null when it says nothing.</param>
    /// <param name="kind">Which network of a family that several share, as <c>hf</c>; null when the file says nothing.</param>
    /// <exception cref="ForecastException">No verifier has this name or reads this family, or the two contradict one another.</exception>
    public static IGoldenVerifier Find(string? model, string? family, string? kind = null)
    {
        var what = kind is null ? $"family '{family}'" : $"family '{family}' and kind '{kind}'";
        if (model is null)
        {
            return All.FirstOrDefault(v => family is not null && v.Reads(family, kind))
                ?? throw new ForecastException("verifier-unknown", $"the file's {what} is that of no network here; name one with --model: {Names()}", "model");
        }

        var found = All.FirstOrDefault(v => string.Equals(v.Model, model.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new ForecastException("verifier-unknown", $"there is no network '{model}' to verify; known are {Names()}", "model");
        if (family is not null && (!found.Families.Contains(family, StringComparer.Ordinal) || (kind is not null && !found.Reads(family, kind))))
            throw new ForecastException("verifier-family", $"the file is of {what}; '{found.Model}' reads {string.Join(", ", found.Families)}", "model");
        return found;
    }

    private static string Names() => string.Join(", ", All.Select(v => v.Model));
}
