using System.Globalization;
using Forecast.Core;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>How the observations of the window are weighted.</summary>
public enum ReturnWeights
{
    /// <summary>All alike.</summary>
    Plain,

    /// <summary>lambda to the power of the age (Boudoukh, Richardson and Whitelaw 1998).</summary>
    Age,
}

/// <summary>What <c>historical-simulation(n){weights, lambda, filter, decay, paths}</c> says.</summary>
public sealed record HistoricalSimulationOptions
{
    /// <summary>n, observations of the window; 250, a year of trading days and the least that Basel allows.</summary>
    public int Window { get; init; } = 250;

    public ReturnWeights Weights { get; init; }

    /// <summary>Ratio of the weights of two neighbouring days; 0.98 as Boudoukh, Richardson and Whitelaw (1998) use beside 0.99.</summary>
    public double Lambda { get; init; } = 0.98;

    /// <summary>Whether each return is scaled from the volatility of its day to that of the day forecast (Hull and White 1998).</summary>
    public bool Filtered { get; init; }

    /// <summary>Decay of the exponentially weighted variance behind <see cref="Filtered"/>; 0.94 for days (RiskMetrics 1996).</summary>
    public double Decay { get; init; } = 0.94;

    /// <summary>Simulated futures behind the later steps of the filtered form.</summary>
    public int Paths { get; init; } = 10_000;

    /// <summary>The model string that says the same.</summary>
    public string ModelString
    {
        get
        {
            List<string> options = [];
            if (Weights == ReturnWeights.Age) options.Add($"weights: age, lambda: {Lambda.ToString("R", CultureInfo.InvariantCulture)}");
            if (Filtered) options.Add($"filter: volatility, decay: {Decay.ToString("R", CultureInfo.InvariantCulture)}");
            if (Paths != 10_000) options.Add($"paths: {Paths.ToString(CultureInfo.InvariantCulture)}");
            return $"historical-simulation({Window.ToString(CultureInfo.InvariantCulture)}){(options.Count == 0 ? "" : $"{{{string.Join(", ", options)}}}")}";
        }
    }

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public HistoricalSimulationOptions Validated()
    {
        if (Window < 2) throw new ForecastException("window-invalid", $"n is {Window}; it must be at least 2", "n");
        if (!(Lambda > 0 && Lambda <= 1)) throw new ForecastException("lambda-invalid", $"lambda is {Lambda}; it must be above 0 and at most 1", "lambda");
        if (!(Decay > 0 && Decay < 1)) throw new ForecastException("decay-invalid", $"decay is {Decay}; it must lie strictly between 0 and 1", "decay");
        if (Paths is < 100 or > 10_000_000) throw new ForecastException("paths-invalid", $"paths is {Paths}; it must be from 100 to 10000000", "paths");
        return this;
    }
}
