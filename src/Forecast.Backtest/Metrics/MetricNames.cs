namespace Forecast.Backtest.Metrics;

/// <summary>Names of scores as results and reports print them. A level or a coverage follows an @.</summary>
public static class MetricNames
{
    public const string Mae = "MAE";
    public const string Mse = "MSE";
    public const string Rmse = "RMSE";
    public const string MeanError = "ME";
    public const string Mape = "MAPE";
    public const string Smape = "sMAPE";
    public const string Wape = "WAPE";
    public const string Nrmse = "NRMSE";
    public const string Mase = "MASE";
    public const string Rmsse = "RMSSE";
    public const string Crps = "CRPS";

    /// <summary>Mean over levels of the mean pinball loss.</summary>
    public const string MeanPinball = "pinball";

    /// <summary>Mean over levels of the weighted quantile loss.</summary>
    public const string Wql = "WQL";

    /// <summary>Twice the mean pinball loss: the CRPS as far as the levels tell it.</summary>
    public const string QuantileCrps = "qCRPS";

    /// <summary>The same scores under the keys of the oracle files in <c>tests/data/reference</c>, for readers that compare.</summary>
    public static IReadOnlyDictionary<string, string> ReferenceKeys { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Mae] = "mae",
        [Mse] = "mse",
        [Rmse] = "rmse",
        [MeanError] = "bias_me",
        [Mape] = "mape_percent",
        [Smape] = "smape_percent_200",
        [Wape] = "wape",
        [Nrmse] = "nrmse_mean",
        [Mase] = "mase",
        [Rmsse] = "rmsse",
        [Crps] = "crps",
        [MeanPinball] = "mean_pinball",
        [Wql] = "mean_weighted_quantile_loss",
        [QuantileCrps] = "crps_from_quantiles_2x_mean_pinball",
    };

    public static string Pinball(double level) => $"pinball@{level}";

    public static string WqlAt(double level) => $"WQL@{level}";

    /// <summary>Share of actuals at or below the quantile.</summary>
    public static string Below(double level) => $"below@{level}";

    public static string Coverage(double coverage) => $"coverage@{coverage}";

    public static string Width(double coverage) => $"width@{coverage}";

    public static string Winkler(double coverage) => $"winkler@{coverage}";

    public static string Msis(double coverage) => $"MSIS@{coverage}";
}
