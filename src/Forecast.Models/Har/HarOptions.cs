using Forecast.Core;

namespace Forecast.Models.Har;

/// <summary>What <c>har(1,5,22)</c> says.</summary>
public sealed record HarOptions
{
    /// <summary>Lengths of the windows whose means explain the next value; a day, a week and a month of trading (Corsi 2009).</summary>
    public IReadOnlyList<int> Windows { get; init; } = [1, 5, 22];

    /// <summary>The model string that says the same.</summary>
    public string ModelString => $"har({string.Join(",", Windows)})";

    /// <exception cref="ForecastException">No window, one below 1 or above 1000, or windows that do not rise.</exception>
    public HarOptions Validated()
    {
        if (Windows.Count is 0 or > 10) throw new ForecastException("order-invalid", $"har has {Windows.Count} windows; it takes 1 to 10", "windows");
        for (var i = 0; i < Windows.Count; i++)
        {
            if (Windows[i] is < 1 or > 1000) throw new ForecastException("order-invalid", $"a window of har is {Windows[i]}; it must be from 1 to 1000", "windows");
            if (i > 0 && Windows[i] <= Windows[i - 1]) throw new ForecastException("order-invalid", $"the windows of har must rise: {Windows[i]} follows {Windows[i - 1]}", "windows");
        }

        return this;
    }
}
