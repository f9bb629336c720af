using NodaTime;

namespace Forecast.Core.Time;

/// <summary>Single days on which a market departed from its rule.</summary>
internal static class HolidayExceptions
{
    /// <summary>Closures outside the rule since 1971: elections, state mourning, hurricanes, attacks.</summary>
    public static IReadOnlyList<LocalDate> NyseClosed { get; } =
    [
        new(1972, 11, 7), new(1976, 11, 2), new(1980, 11, 4),  // presidential elections, the last three to close
        new(1972, 12, 28), new(1973, 1, 25),  // mourning, Truman and Johnson
        new(1977, 7, 14),  // blackout
        new(1985, 9, 27),  // hurricane Gloria
        new(1994, 4, 27),  // mourning, Nixon
        new(2001, 9, 11), new(2001, 9, 12), new(2001, 9, 13), new(2001, 9, 14),
        new(2004, 6, 11),  // mourning, Reagan
        new(2007, 1, 2),   // mourning, Ford
        new(2012, 10, 29), new(2012, 10, 30),  // hurricane Sandy
        new(2018, 12, 5),  // mourning, G. H. W. Bush
        new(2025, 1, 9),   // mourning, Carter
    ];

    public static IReadOnlyList<LocalDate> LondonClosed { get; } =
    [
        new(1999, 12, 31),  // millennium
        new(2002, 6, 3), new(2002, 6, 4),  // golden jubilee; the late May holiday moved here
        new(2011, 4, 29),   // royal wedding
        new(2012, 6, 4), new(2012, 6, 5),  // diamond jubilee
        new(2020, 5, 8),    // VE day; the early May holiday moved here
        new(2022, 6, 2), new(2022, 6, 3),  // platinum jubilee
        new(2022, 9, 19),   // funeral of Elizabeth II
        new(2023, 5, 8),    // coronation
        new(1995, 5, 8),    // VE day, moved
    ];

    /// <summary>Days that the rule closes but that were open, since the holiday moved.</summary>
    public static IReadOnlyList<LocalDate> LondonOpen { get; } =
    [
        new(1995, 5, 1), new(2002, 5, 27), new(2012, 5, 28), new(2020, 5, 4), new(2022, 5, 30),
    ];

    public static IReadOnlyList<LocalDate> XetraClosed { get; } =
    [
        new(1988, 12, 30), new(1989, 12, 29),  // Fridays before a New Year's Eve on a weekend
        new(2007, 5, 28), new(2014, 10, 3), new(2015, 5, 25), new(2016, 5, 16), new(2016, 10, 3), new(2017, 6, 5),
        new(2017, 10, 3), new(2017, 10, 31), new(2018, 5, 21), new(2018, 10, 3), new(2019, 6, 10), new(2019, 10, 3),
        new(2020, 6, 1), new(2021, 5, 24),  // Whit Mondays and Unity Days kept in those years
    ];

    public static IReadOnlyList<LocalDate> TargetClosed { get; } =
    [
        new(1999, 12, 31), new(2001, 12, 31),
    ];
}
