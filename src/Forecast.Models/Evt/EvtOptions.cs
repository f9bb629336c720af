using System.Globalization;
using Forecast.Core;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Evt;

/// <summary>What <c>evt(p,q){variance, dist, mean, threshold, paths}</c> says.</summary>
public sealed record EvtOptions
{
    /// <summary>Volatility that the residuals are standardised by.</summary>
    public GarchOptions Volatility { get; init; } = new();

    /// <summary>
    /// Share of the residuals beyond each threshold. A tenth, as McNeil and Frey (2000) take 100 of 1000: the fewer, the nearer to the limit law and
    /// the wider the errors.
    /// </summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>The model string that says the same.</summary>
    public string ModelString
    {
        get
        {
            List<string> options = [];
            if (Volatility.Family == VarianceFamily.Gjr) options.Add("variance: gjr");
            if (Volatility.Distribution == InnovationKind.StudentT) options.Add("dist: std");
            if (!Volatility.HasMean) options.Add("mean: zero");
            if (Threshold != 0.1) options.Add($"threshold: {Threshold.ToString("R", CultureInfo.InvariantCulture)}");
            if (Volatility.Paths != 10_000) options.Add($"paths: {Volatility.Paths.ToString(CultureInfo.InvariantCulture)}");
            return $"evt({Volatility.ArchOrder.ToString(CultureInfo.InvariantCulture)},{Volatility.GarchOrder.ToString(CultureInfo.InvariantCulture)}){(options.Count == 0 ? "" : $"{{{string.Join(", ", options)}}}")}";
        }
    }

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public EvtOptions Validated()
    {
        Volatility.Validated();
        return Threshold is >= 0.01 and <= 0.3
            ? this
            : throw new ForecastException("threshold-invalid", $"threshold is {Threshold}; it must be from 0.01 to 0.3", "threshold");
    }
}
