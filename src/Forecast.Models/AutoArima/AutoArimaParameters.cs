using Forecast.Models.Arima;

namespace Forecast.Models.AutoArima;

/// <summary>What a choice leaves behind: the orders, and the estimates or the constant steps.</summary>
public sealed record AutoArimaParameters
{
    public required ArimaOrder Order { get; init; }

    public required ArimaOrder Seasonal { get; init; }

    public required int Period { get; init; }

    public required bool Mean { get; init; }

    public required bool Drift { get; init; }

    public required int Tried { get; init; }

    /// <summary>Observations of the training window that were not missing.</summary>
    public required int Observations { get; init; }

    /// <summary>Estimates; null for a series that differencing leaves constant.</summary>
    public ArimaParameters? Estimates { get; init; }

    /// <summary>Set exactly when there are no estimates.</summary>
    public ConstantSteps? Constant { get; init; }
}
