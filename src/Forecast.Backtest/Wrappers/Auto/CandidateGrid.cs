using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>
/// Model strings with alternatives: <c>linear-ar(4|8){ridge: 0.1|1}</c> stands for the four models that take one word of each. An alternative
/// is a word without brackets, commas or colons.
/// </summary>
internal static class CandidateGrid
{
    /// <summary>More candidates than anyone would wait for.</summary>
    public const int MaxCandidates = 200;

    private const string Structure = "()[]{},:";

    /// <summary>The models that a string stands for, the first alternatives first; itself where it has none.</summary>
    /// <exception cref="ForecastException">An empty alternative, or too many models.</exception>
    public static IReadOnlyList<string> Expand(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> models = [""];
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !Structure.Contains(text[i], StringComparison.Ordinal)) continue;
            var words = text[start..i].Split('|');
            if (words.Length > 1 && Array.Exists(words, string.IsNullOrWhiteSpace))
                throw new ForecastException("grid-invalid", $"model '{text}': a bar stands between two words without brackets, as in linear-ar(4|8); here one of them is empty", "model");
            var end = i < text.Length ? text[i].ToString() : "";
            var lead = words.Length > 1 ? words[0][..^words[0].TrimStart().Length] : "";
            models = [.. models.SelectMany(m => words.Select(w => words.Length > 1 ? m + lead + w.Trim() + end : m + w + end))];
            if (models.Count > MaxCandidates)
                throw new ForecastException("grid-too-large", $"model '{text}' stands for more than {MaxCandidates} models", "model");
            start = i + 1;
        }

        return models;
    }
}
