namespace Forecast.Backtest.Strategies;

/// <summary>Where the signals of a strategy come from.</summary>
public enum StrategyKind
{
    BuyAndHold,
    Model,
    Momentum,
    Contrarian,

    /// <summary>The mean of the models' weights.</summary>
    Ensemble,
}

/// <summary>One strategy on one asset, or on all of them in equal parts.</summary>
public sealed record StrategyOutcome
{
    /// <summary>The model string, <c>buy-and-hold</c>, <c>momentum(20)</c>, <c>contrarian(5)</c> or <c>ensemble</c>.</summary>
    public required string Name { get; init; }

    public required StrategyKind Kind { get; init; }

    /// <summary>Series id, or <c>portfolio</c>.</summary>
    public required string Asset { get; init; }

    public required IReadOnlyList<LedgerDay> Days { get; init; }

    public required StrategyMeasures Measures { get; init; }

    public required StrategyCertificate Certificate { get; init; }
}
