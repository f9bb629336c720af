using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>
/// Where the weights of a published model lie: a folder that was named, or the place in the cache to which
/// <c>forecast pull OWNER/NAME</c> puts them.
/// </summary>
public static class ModelFolder
{
    /// <summary>In front of OWNER/NAME: the cache alone is meant, and no folder of that name.</summary>
    internal const string CachePrefix = "cache:";

    private const int LongestName = 96;

    /// <summary>The cache: <c>FORECAST_MODELS</c>, else <c>models</c> in <c>FORECAST_HOME</c>, else in <c>.forecast</c> of the user's home folder.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("FORECAST_MODELS") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetEnvironmentVariable("FORECAST_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".forecast"), "models");

    /// <summary>The folder of weights that ship with the program; null where none of that name do.</summary>
    internal static string? Shipped(string name)
    {
        if (!IsPart(name)) return null;
        var folder = Path.Combine(AppContext.BaseDirectory, "models", name);
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Whether it has the form OWNER/NAME of a published model.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return parts.Length == 2 && Array.TrueForAll(parts, IsPart);
    }

    /// <summary>The folder of a published model in the cache, whether it is there or not.</summary>
    /// <exception cref="ForecastException">No name of the form OWNER/NAME.</exception>
    public static string InCache(string name) => IsName(name)
        ? Path.Combine([Cache, .. name.Split('/')])
        : throw new ForecastException("model-name", $"'{name}' is no name of a published model, such as NX-AI/TiRex", "weights");

    /// <summary>The folder with the weights: those that ship under that name, the text itself where it is a folder, else its place in the cache.</summary>
    /// <param name="weights">A shipped name, a folder, or OWNER/NAME.</param>
    /// <param name="model">What errors call the model.</param>
    /// <exception cref="ForecastException">There is neither; the message says how to fetch it.</exception>
    public static string Find(string weights, string model)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.StartsWith(CachePrefix, StringComparison.Ordinal)) weights = weights[CachePrefix.Length..];
        else if (Shipped(weights) is { } shipped) return shipped;
        else if (Directory.Exists(weights)) return weights;
        if (!IsName(weights)) throw new ForecastException("weights-missing", $"{model}: there is no folder '{weights}'; name one with weights: DIR, or a published model as OWNER/NAME", "weights");
        var folder = InCache(weights);
        return Directory.Exists(folder)
            ? folder
            : throw new ForecastException("weights-missing", $"{model}: the weights '{weights}' are not here yet; fetch them with: forecast pull {weights}", "weights");
    }

    private static bool IsPart(string part) =>
        part.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && !part.Contains("..", StringComparison.Ordinal);
}
