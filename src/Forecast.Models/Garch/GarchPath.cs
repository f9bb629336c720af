namespace Forecast.Models.Garch;

/// <summary>What the recursions give at fixed parameters, one entry an observation (missing ones included).</summary>
/// <param name="Deviation">y_t = x_t - mu; its prediction where x_t is missing.</param>
/// <param name="Residual">e_t; 0 where x_t is missing.</param>
/// <param name="Variance">h_t, in squared units of the series.</param>
/// <param name="SquaredInput">What later variances see of the innovation: e_t², or h_t = E[e_t²] where x_t is missing.</param>
/// <param name="Presample">The value of e² and h before the sample.</param>
/// <param name="LogLikelihood">Sum over the observed values.</param>
public sealed record GarchPath(double[] Deviation, double[] Residual, double[] Variance, double[] SquaredInput, double Presample, double LogLikelihood)
{
    /// <summary>APARCH: the means of the news terms over the sample of the fit, one a lag.</summary>
    public double[] PresampleNews { get; init; } = [];
}
