namespace Forecast.Models.Garch;

/// <summary>A fitted ARMA-GARCH model.</summary>
/// <param name="Specification">Orders and distribution.</param>
/// <param name="Parameters">Estimates in the order of <see cref="GarchSpecification.Names"/> and the units of the series.</param>
/// <param name="LogLikelihood">Maximised log-likelihood, in the units of the series.</param>
/// <param name="Observations">Values that were not missing.</param>
/// <param name="Presample">mean(e²) at the estimates: e² and h before the sample.</param>
/// <param name="OnBound">Which estimates lie on a bound of their range.</param>
/// <param name="Converged">Whether the search met its tolerance.</param>
/// <param name="Reason">Why it stopped.</param>
/// <param name="Iterations">Newton steps of the search that won.</param>
/// <param name="Evaluations">Likelihood evaluations of all searches together.</param>
public sealed record GarchFit(
    GarchSpecification Specification,
    double[] Parameters,
    double LogLikelihood,
    int Observations,
    double Presample,
    bool[] OnBound,
    bool Converged,
    string Reason,
    int Iterations,
    int Evaluations)
{
    /// <summary>APARCH: the means of the news terms that belong to the presample value.</summary>
    public double[] PresampleNews { get; init; } = [];

    /// <summary>Whether no estimate lies on a bound.</summary>
    public bool Interior => !OnBound.Contains(true);

    /// <summary>The criteria at this likelihood.</summary>
    public GarchCriteria Criteria => GarchCriteria.Of(LogLikelihood, Specification.Count, Observations);
}

/// <summary>Information criteria in total form; divided by the number of observations they are what rugarch and fGarch print.</summary>
/// <param name="Aic">-2L + 2k.</param>
/// <param name="Aicc">aic + 2k(k+1)/(n-k-1) (Hurvich and Tsai 1989); NaN when n ≤ k+1.</param>
/// <param name="Bic">-2L + k ln n.</param>
/// <param name="Hqic">-2L + 2k ln ln n.</param>
public readonly record struct GarchCriteria(double Aic, double Aicc, double Bic, double Hqic)
{
    /// <param name="logLikelihood">L.</param>
    /// <param name="count">k, all estimated parameters.</param>
    /// <param name="observations">n.</param>
    public static GarchCriteria Of(double logLikelihood, int count, int observations)
    {
        var aic = -2 * logLikelihood + 2 * count;
        var rest = observations - count - 1;
        return new(
            aic,
            rest > 0 ? aic + 2.0 * count * (count + 1) / rest : double.NaN,
            -2 * logLikelihood + count * Math.Log(observations),
            -2 * logLikelihood + 2 * count * Math.Log(Math.Log(observations)));
    }
}
