using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Forecast.Api.Answers;

/// <summary>How numbers, instants and words are written.</summary>
internal static class Numbers
{
    /// <summary>What is not finite has no place in JSON and becomes null.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;

    public static IReadOnlyList<double?> Finite(IEnumerable<double> values) => [.. values.Select(Finite)];

    public static string Level(double level) => level.ToString("R", CultureInfo.InvariantCulture);

    public static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string? Text(Instant? instant) => instant is { } given ? Text(given) : null;

    /// <summary>The name of an enumeration's value as the contract writes it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
