using System.Text.Json.Serialization;

namespace Forecast.Models.Arima;

/// <summary>What a fit leaves behind: enough to forecast from any history without estimating again, and to report.</summary>
public sealed record ArimaParameters
{
    private readonly Lazy<IReadOnlyList<double>> _stdErrors = new([]);

    /// <summary>m, resolved; 1 without a season.</summary>
    public required int Period { get; init; }

    /// <summary>Names of the covariates used, in the order of their coefficients.</summary>
    public required IReadOnlyList<string> Regressors { get; init; }

    /// <summary>R's names: ar1.. ma1.. sar1.. sma1.. intercept drift, regressors.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>From the numerical Hessian; NaN where it is not positive definite. Computed when first asked for, since a rolling back-test never asks.</summary>
    [JsonRequired]
    public IReadOnlyList<double> StdErrors
    {
        get => _stdErrors.Value;
        init => _stdErrors = new(value);
    }

    /// <summary>Where <see cref="StdErrors"/> come from when they are asked for.</summary>
    internal Func<IReadOnlyList<double>> StdErrorsOnDemand
    {
        init => _stdErrors = new(value);
    }

    public required double Sigma2Ml { get; init; }

    public required double Sigma2Df { get; init; }

    public required double LogLikelihood { get; init; }

    public required double Aic { get; init; }

    public required double Aicc { get; init; }

    public required double Bic { get; init; }

    /// <summary>Observations of the training window that were not missing.</summary>
    public required int Observations { get; init; }

    public required bool Converged { get; init; }

    public required string Reason { get; init; }

    /// <summary>Event time of the first training row, where the drift regressor is 1 (ticks of the Unix epoch).</summary>
    public required long Origin { get; init; }
}
