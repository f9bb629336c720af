namespace Forecast.Api.Contracts;

/// <summary>Asks for forecasts now.</summary>
public sealed record ForecastBody
{
    /// <summary>Model string, as <c>garch(1,1)-t</c>; see <c>GET /v1/models</c>. Or a registered version: <c>name@3</c>, <c>name@champion</c>.</summary>
    public required string Model { get; init; }

    /// <summary><c>P1D</c>, <c>P7D</c>, <c>P1M</c>, <c>P3M</c>, <c>P1Y</c>, <c>PT1H</c>, ..., <c>B</c> (business days) or <c>index</c> (rows without dates).</summary>
    public required string Frequency { get; init; }

    /// <summary><c>24x7</c>, <c>business</c>, <c>XNYS</c>, <c>XLON</c>, <c>XETR</c>, <c>TARGET</c>: dates the future. With an exchange's calendar <c>P1D</c> means its open days.</summary>
    public string? Calendar { get; init; }

    /// <summary>Steps ahead.</summary>
    public required int Horizon { get; init; }

    /// <summary>Quantile levels, ascending within (0, 1); default 0.1, 0.5, 0.9.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Seed of everything random; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary><c>auto</c> (default), <c>always</c> or <c>never</c>: whether parameters that were estimated before are used again.</summary>
    public string? Refit { get; init; }

    /// <summary>What is known in words about the steps to be forecast, for models that read words (<c>smetimes</c>); each answer then tells the forecast without it, too.</summary>
    public string? Context { get; init; }

    /// <summary>The series, each with its own history.</summary>
    public required IReadOnlyList<SeriesBody> Series { get; init; }
}

/// <summary>What was known in words about a span of time.</summary>
public sealed record NoteBody
{
    public required string Text { get; init; }

    /// <summary>Start of the span: a date, or a row number for frequency <c>index</c>.</summary>
    public required string From { get; init; }

    /// <summary>Its end, inclusive, of which a bare date means the whole day; default as <c>from</c>.</summary>
    public string? To { get; init; }

    /// <summary>When it became known; default the start of the span.</summary>
    public string? KnownFrom { get; init; }
}

/// <summary>One series of a forecast request.</summary>
public sealed record SeriesBody
{
    /// <summary>Its name in the answer.</summary>
    public required string Id { get; init; }

    public string? Unit { get; init; }

    /// <summary>Date of the first row, as <c>2024-01-02</c> or <c>2024-01-02T14:00:00Z</c>; a row number for frequency <c>index</c> (default 1).</summary>
    public string? Start { get; init; }

    /// <summary>Dates of all rows, instead of <c>start</c>; periods that are left out are missing values.</summary>
    public IReadOnlyList<string>? Timestamps { get; init; }

    /// <summary>Observed values in order; null = missing.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Covariates known up to the last row: a value a row.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Past { get; init; }

    /// <summary>Covariates known in advance: a value a row, and one for each step of the horizon.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Future { get; init; }

    /// <summary>Facts of the whole series.</summary>
    public IReadOnlyDictionary<string, double>? Static { get; init; }

    /// <summary>What was known in words, about the history and about what follows it.</summary>
    public IReadOnlyList<NoteBody>? Notes { get; init; }
}

/// <summary>Forecasts, series by series in the order asked.</summary>
/// <param name="Model">Model string, or the registered version, as it was asked for.</param>
/// <param name="Frequency">Frequency code that the steps have.</param>
/// <param name="Horizon">Steps ahead.</param>
/// <param name="Levels">Quantile levels.</param>
/// <param name="Seed">Seed used.</param>
/// <param name="Failed">How many series have an error in place of a forecast.</param>
/// <param name="Series">One entry a series.</param>
public sealed record ForecastAnswerBody(string Model, string Frequency, int Horizon, IReadOnlyList<double> Levels, ulong Seed, int Failed, IReadOnlyList<SeriesForecastBody> Series);

/// <summary>The last line of an answer in NDJSON.</summary>
/// <param name="Done">True.</param>
/// <param name="Count">Lines before this one.</param>
/// <param name="Failed">How many of them have an error in place of a forecast.</param>
public sealed record ForecastEndBody(bool Done, int Count, int Failed);

/// <summary>The forecast of one series, or why there is none.</summary>
public sealed record SeriesForecastBody
{
    public required string Id { get; init; }

    /// <summary>Id of this forecast: <c>GET /v1/forecasts/{id}</c> tells for good where it came from.</summary>
    public string? ForecastId { get; init; }

    public string? Unit { get; init; }

    /// <summary>What happened to the parameters: <c>fitted</c> now, <c>conditioned</c> (an earlier fit on older rows) <c>cached</c> (an earlier fit on the same rows) or <c>registered</c> (those of a registered version).</summary>
    public string? Origin { get; init; }

    /// <summary>Where the parameters were estimated.</summary>
    public FitBody? Fit { get; init; }

    /// <summary>Date of the last row that was read.</summary>
    public string? Cutoff { get; init; }

    /// <summary>Dates of the steps.</summary>
    public IReadOnlyList<string>? Timestamps { get; init; }

    /// <summary>Mean of each step; null where the model has none.</summary>
    public IReadOnlyList<double?>? Mean { get; init; }

    /// <summary>For each level, as text, the quantile of each step.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Quantiles { get; init; }

    /// <summary>Steps whose quantiles crossed and were re-ordered.</summary>
    public int? Repairs { get; init; }

    /// <summary>What the same fit forecasts where nothing is said in words; only where something was.</summary>
    public PlainForecastBody? WithoutNotes { get; init; }

    public SeriesError? Error { get; init; }
}

/// <summary>A forecast beside another.</summary>
/// <param name="Mean">Mean of each step; null where the model has none.</param>
/// <param name="Quantiles">For each level, as text, the quantile of each step.</param>
public sealed record PlainForecastBody(IReadOnlyList<double?> Mean, IReadOnlyDictionary<string, IReadOnlyList<double?>> Quantiles);

/// <summary>Where the parameters of a forecast were estimated.</summary>
/// <param name="DataHash">Hash of the data of the fit.</param>
/// <param name="Cutoff">Its last row.</param>
/// <param name="Rows">Rows that it saw.</param>
public sealed record FitBody(string DataHash, string Cutoff, int Rows);

/// <summary>Why a series has no forecast.</summary>
/// <param name="Type">Problem type.</param>
/// <param name="Code">Code of the type.</param>
/// <param name="Pointer">The series in the request.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record SeriesError(string Type, string Code, string Pointer, string Detail);

/// <summary>Where a forecast came from, all the way down.</summary>
public sealed record ForecastTraceBody
{
    public required string Id { get; init; }

    /// <summary>Model string.</summary>
    public required string Model { get; init; }

    public required string Series { get; init; }

    /// <summary>The last instant that it could read.</summary>
    public required string Cutoff { get; init; }

    /// <summary>Hash of the data that it was made from; for a forecast of a back-test, of the run's whole data.</summary>
    public required string DataHash { get; init; }

    /// <summary>Seed of the request, or of the run.</summary>
    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    /// <summary>Version and commit of the engine.</summary>
    public required string Engine { get; init; }

    /// <summary>The fit behind it; a forecast of a back-test has none, since its run leads to its fit.</summary>
    public ModelVersionBody? ModelVersion { get; init; }

    /// <summary>The last instant that the fit could read.</summary>
    public string? FitCutoff { get; init; }

    /// <summary>Seed of the fit.</summary>
    public ulong? FitSeed { get; init; }

    /// <summary>The run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>The stored data that its model was fitted on.</summary>
    public string? DatasetId { get; init; }
}

/// <summary>A fitted model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name that its versions share.</param>
/// <param name="Version">Number within the name, from 1.</param>
/// <param name="DataHash">Hash of the data that it was fitted on.</param>
/// <param name="CreatedAt">When it was recorded.</param>
public sealed record ModelVersionBody(string Id, string Name, int Version, string DataHash, string CreatedAt);
