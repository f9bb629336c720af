namespace Forecast.Models.Har;

/// <summary>Estimates of <see cref="HarForecaster"/> for one series.</summary>
/// <param name="Coefficients">Intercept, then a weight a window.</param>
/// <param name="StdErrors">Standard errors of least squares.</param>
/// <param name="RobustErrors">Standard errors of Newey and West.</param>
/// <param name="Sigma">Standard deviation of e, degrees of freedom taken off.</param>
/// <param name="MeanSquare">mean(e²), which the likelihood sees.</param>
/// <param name="RSquared">Share of the variance explained.</param>
/// <param name="Mean">Mean of the values explained; stands for a missing value that has too little past to be predicted.</param>
/// <param name="Observations">Rows of the regression.</param>
public sealed record HarParameters(
    double[] Coefficients, double[] StdErrors, double[] RobustErrors, double Sigma, double MeanSquare, double RSquared, double Mean, int Observations);
