using System.Globalization;
using Forecast.Api.Problems;
using Forecast.Store;

namespace Forecast.Api.Reading;

/// <summary>Reads parameters of the query, with the same kind of answer for each that is wrong.</summary>
internal static class Query
{
    /// <exception cref="RequestException">400: not a whole number of that range.</exception>
    public static long Number(string name, string? text, long minimum, long maximum, long fallback)
    {
        if (string.IsNullOrEmpty(text)) return fallback;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw RequestException.OfParameter(name, $"{name}-invalid", $"{name} is '{text}'; it must be a whole number from {minimum} to {maximum}");
    }

    /// <summary>Which part of a list of the store is asked for.</summary>
    public static PageRequest Page(string? limit, string? after, ApiLimits limits) =>
        new((int)Number("limit", limit, 1, limits.PageSize, 100), string.IsNullOrEmpty(after) ? null : after);

    /// <summary>Values of a repeated or comma-free parameter; null when it is not there.</summary>
    public static IReadOnlyCollection<string>? Words(string?[]? values) => values is { Length: > 0 } ? [.. values.OfType<string>()] : null;
}
