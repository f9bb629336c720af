using System.Text.Json.Serialization;

namespace Forecast.Models.Garch;

/// <summary>
/// Estimates of one series as a forecaster keeps and saves them: all that is needed to filter other data (the presample value
/// included, so that the same data give the same bits) and to report the fit.
/// </summary>
public sealed class GarchParameters
{
    private readonly Lazy<GarchStandardErrors> _standardErrors;

    /// <summary>Takes over a fit; its standard errors are computed when first asked for, since a rolling back-test never asks.</summary>
    public GarchParameters(GarchFit fit, GarchSample sample)
    {
        ArgumentNullException.ThrowIfNull(fit);
        Values = fit.Parameters;
        Presample = fit.Presample;
        PresampleNews = fit.PresampleNews;
        LogLikelihood = fit.LogLikelihood;
        Observations = fit.Observations;
        OnBound = fit.OnBound;
        Converged = fit.Converged;
        Reason = fit.Reason;
        Iterations = fit.Iterations;
        _standardErrors = new(() => GarchStandardErrors.Compute(fit.Specification, sample, fit.Parameters, fit.OnBound));
    }

    /// <summary>Reads saved estimates.</summary>
    [JsonConstructor]
    public GarchParameters(
        double[] values, double presample, double logLikelihood, int observations, bool[] onBound, bool converged, string reason, int iterations, GarchStandardErrors standardErrors, double[]? presampleNews = null)
    {
        PresampleNews = presampleNews ?? [];
        Values = values;
        Presample = presample;
        LogLikelihood = logLikelihood;
        Observations = observations;
        OnBound = onBound;
        Converged = converged;
        Reason = reason;
        Iterations = iterations;
        _standardErrors = new(standardErrors);
    }

    /// <summary>Estimates in the order of <see cref="GarchSpecification.Names"/>.</summary>
    public double[] Values { get; }

    /// <summary>e² and h before the sample, as at the fit.</summary>
    public double Presample { get; }

    /// <summary>APARCH: the means of the news terms before the sample, as at the fit; otherwise empty.</summary>
    public double[] PresampleNews { get; }

    public double LogLikelihood { get; }

    /// <summary>Values of the fit's sample that were not missing.</summary>
    public int Observations { get; }

    /// <summary>Which estimates lie on a bound.</summary>
    public bool[] OnBound { get; }

    public bool Converged { get; }

    public string Reason { get; }

    public int Iterations { get; }

    public GarchStandardErrors StandardErrors => _standardErrors.Value;
}
