namespace Forecast.Api;

/// <summary>What one request may ask for; told by <c>GET /v1/limits</c>.</summary>
public sealed record ApiLimits
{
    /// <summary>Bytes of a JSON body.</summary>
    public long BodyBytes { get; init; } = 32L << 20;

    /// <summary>Bytes of an uploaded file as it is sent.</summary>
    public long UploadBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of an uploaded file after decompression.</summary>
    public long UploadBytesDecompressed { get; init; } = 100L << 20;

    /// <summary>Series of one forecast request.</summary>
    public int Series { get; init; } = 1_000;

    /// <summary>Rows of one series, gaps between timestamps included.</summary>
    public int Rows { get; init; } = 100_000;

    /// <summary>Values of one forecast request, over all series and covariates.</summary>
    public int Values { get; init; } = 1_000_000;

    /// <summary>Steps ahead.</summary>
    public int Horizon { get; init; } = 1_000;

    /// <summary>Quantile levels.</summary>
    public int Levels { get; init; } = 99;

    /// <summary>Numbers of one answer: series x horizon x (levels + 1).</summary>
    public int AnswerValues { get; init; } = 2_000_000;

    /// <summary>The same of an answer in NDJSON, which is sent series by series.</summary>
    public int StreamedAnswerValues { get; init; } = 20_000_000;

    /// <summary>Models of one back-test.</summary>
    public int Models { get; init; } = 50;

    /// <summary>Past and future covariates of a series, and its static values, each.</summary>
    public int Covariates { get; init; } = 100;

    /// <summary>Notes of a series.</summary>
    public int Notes { get; init; } = 1_000;

    /// <summary>Characters of a name, id, unit or model string.</summary>
    public int TextLength { get; init; } = 1_000;

    /// <summary>Entries of one page of a list.</summary>
    public int PageSize { get; init; } = 1_000;

    /// <summary>Seconds that the models of one forecast request may take; series that are not reached by then have the error <c>time-limit</c>.</summary>
    public double ForecastSeconds { get; init; } = 60;

    /// <summary>Forecast requests worked on at once.</summary>
    public int ConcurrentForecasts { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Forecast requests that wait for their turn; one more is answered 503 with <c>Retry-After</c>.</summary>
    public int WaitingForecasts { get; init; } = 512;
}
