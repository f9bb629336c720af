using Forecast.Backtest.Risk;

namespace Forecast.Api.Contracts;

/// <summary>Asks for every test of VaR and expected shortfall. Losses are positive: a day is an exceedance when its return is below minus the VaR.</summary>
public sealed record RiskTestsBody
{
    /// <summary>Tail: 0.01 (default) is a VaR of 99 %; at most 0.5.</summary>
    public double? Alpha { get; init; }

    /// <summary>Seed of simulated and bootstrapped p-values; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Returns in order; null = missing.</summary>
    public required IReadOnlyList<double?> Returns { get; init; }

    /// <summary>What each model said about the same days.</summary>
    public required IReadOnlyList<RiskModelBody> Models { get; init; }
}

/// <summary>The tail forecasts of one model.</summary>
public sealed record RiskModelBody
{
    /// <summary>Its name in the answer.</summary>
    public required string Name { get; init; }

    /// <summary>VaR of each day; null = missing, the day is left out.</summary>
    public required IReadOnlyList<double?> Var { get; init; }

    /// <summary>Expected shortfall of each day; tested when no tested day lacks it.</summary>
    public IReadOnlyList<double?>? Es { get; init; }

    /// <summary>Forecast standard deviation of each day, the scale of McNeil and Frey's residuals.</summary>
    public IReadOnlyList<double?>? Sigma { get; init; }

    /// <summary>Probability integral transform of each return, for Du and Escanciano's tests.</summary>
    public IReadOnlyList<double?>? Pit { get; init; }
}

/// <summary>Every test of each model, and the models side by side.</summary>
/// <param name="Alpha">Tail.</param>
/// <param name="Models">Tests, model by model in the order asked.</param>
/// <param name="Comparison">Mean losses, Diebold-Mariano tests and the model confidence set; absent with one model.</param>
public sealed record RiskTestsAnswerBody(double Alpha, IReadOnlyList<RiskTests> Models, RiskComparison? Comparison);

/// <summary>Asks for VaR and expected shortfall of series of returns, and of a portfolio of them.</summary>
public sealed record RiskForecastBody
{
    /// <summary>Model string, as <c>garch(1,1)-t</c>; any that offers the tail.</summary>
    public required string Model { get; init; }

    /// <summary>As in a forecast request.</summary>
    public required string Frequency { get; init; }

    /// <summary>As in a forecast request.</summary>
    public string? Calendar { get; init; }

    /// <summary>Steps ahead; figures over the whole horizon come from paths.</summary>
    public required int Horizon { get; init; }

    /// <summary>Tails, ascending, each at most 0.5; default 0.01 and 0.025.</summary>
    public IReadOnlyList<double>? Alphas { get; init; }

    /// <summary>What the values are: <c>simple</c> (default) or <c>log</c> returns.</summary>
    public string? Returns { get; init; }

    /// <summary>Share of the portfolio in each series, in their order; negative = short, what is missing to 1 earns nothing. Absent = no portfolio.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>How the series of the portfolio depend on each other: <c>copula</c> (default: as the ranks of past returns on common dates), <c>independent</c> or <c>comonotone</c>.</summary>
    public string? Dependence { get; init; }

    /// <summary>Draws, 1,000 to 100,000; default 20,000.</summary>
    public int? Paths { get; init; }

    /// <summary>Seed of everything random; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>As in a forecast request.</summary>
    public string? Refit { get; init; }

    /// <summary>What is known in words about the steps to be forecast, for models that read words.</summary>
    public string? Context { get; init; }

    /// <summary>Series of returns, each with its own history.</summary>
    public required IReadOnlyList<SeriesBody> Series { get; init; }
}

/// <summary>VaR and expected shortfall, positive losses.</summary>
/// <param name="Var">For each tail, as text, the VaR.</param>
/// <param name="Es">For each tail the expected shortfall.</param>
public sealed record TailFigures(IReadOnlyDictionary<string, double> Var, IReadOnlyDictionary<string, double> Es);

/// <summary>VaR and expected shortfall of one series, or why there are none.</summary>
public sealed record SeriesRiskBody
{
    public required string Id { get; init; }

    /// <summary>Id of the forecast behind it: <c>GET /v1/forecasts/{id}</c> tells where it came from.</summary>
    public string? ForecastId { get; init; }

    /// <summary>Date of the last row that was read.</summary>
    public string? Cutoff { get; init; }

    /// <summary>Dates of the steps.</summary>
    public IReadOnlyList<string>? Timestamps { get; init; }

    /// <summary>For each tail, as text, minus the quantile of the return of each step by itself.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Var { get; init; }

    /// <summary>For each tail the expected shortfall of each step; null where the model has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Es { get; init; }

    /// <summary>Loss over the whole horizon as a fraction of the value at its beginning.</summary>
    public TailFigures? Total { get; init; }

    /// <summary>Why there is no total.</summary>
    public SeriesError? TotalError { get; init; }

    public SeriesError? Error { get; init; }
}

/// <summary>Risk of the portfolio over the whole horizon, bought at the weights and held.</summary>
/// <param name="Weights">Weights used.</param>
/// <param name="Dependence">How the series depend on each other.</param>
/// <param name="CommonRows">Rows that all series have.</param>
/// <param name="Total">Loss as a fraction of the portfolio's value.</param>
/// <param name="Error">Why there is none.</param>
public sealed record PortfolioRiskBody(IReadOnlyList<double> Weights, string Dependence, int CommonRows, TailFigures? Total, SeriesError? Error);

/// <summary>VaR and expected shortfall, series by series, and of the portfolio.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Frequency">Frequency code that the steps have.</param>
/// <param name="Horizon">Steps ahead.</param>
/// <param name="Alphas">Tails.</param>
/// <param name="Returns">What the values were taken as.</param>
/// <param name="Paths">Draws.</param>
/// <param name="Seed">Seed used.</param>
/// <param name="Failed">How many series have an error.</param>
/// <param name="Series">One entry a series.</param>
/// <param name="Portfolio">The portfolio, when weights were given.</param>
public sealed record RiskForecastAnswerBody(string Model, string Frequency, int Horizon, IReadOnlyList<double> Alphas, string Returns, int Paths, ulong Seed, int Failed, IReadOnlyList<SeriesRiskBody> Series, PortfolioRiskBody? Portfolio);
