using System.Globalization;
using Forecast.Core;

namespace Forecast.Store;

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Limit">Entries at most, 1 to 1000.</param>
/// <param name="After">The <see cref="Paged{T}.Next"/> of the page before; null = from the start.</param>
public sealed record PageRequest(int Limit = 100, string? After = null)
{
    private const int Most = 1000;

    /// <exception cref="ForecastException">A limit out of range, or a cursor that no page gave.</exception>
    internal (int Limit, long Time, string Id) Read()
    {
        if (Limit is < 1 or > Most) throw new ForecastException("limit-invalid", $"limit is {Limit}; it must be 1 to {Most}", "limit");
        if (After is null) return (Limit, long.MaxValue, "");
        var dash = After.IndexOf('-', 1);
        if (dash < 0 || !long.TryParse(After.AsSpan(0, dash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
            throw new ForecastException("cursor-invalid", $"'{After}' is no place in this list; give the one that the former page ended with", "after");
        return (Limit, time, After[(dash + 1)..]);
    }

    internal static string Cursor(long time, string id) => string.Create(CultureInfo.InvariantCulture, $"{time}-{id}");
}

/// <summary>A page of a list, latest first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">Where the following page starts; null on the last one.</param>
public sealed record Paged<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <param name="rows">One row more than the limit, if there are so many.</param>
    /// <param name="limit">Entries of a page.</param>
    /// <param name="cursor">The place of a row.</param>
    internal static Paged<T> From(IReadOnlyList<T> rows, int limit, Func<T, string> cursor) =>
        rows.Count > limit ? new Paged<T>([.. rows.Take(limit)], cursor(rows[limit - 1])) : new Paged<T>(rows, null);
}
