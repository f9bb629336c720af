namespace Forecast.Hosting.Jobs;

/// <summary>A model to be fitted on all of a dataset and registered.</summary>
/// <param name="DatasetId">The data, as they were when the job was asked for.</param>
/// <param name="Name">Name that the fit is registered under.</param>
/// <param name="Model">Model string.</param>
/// <param name="Horizon">Steps that it is fitted for.</param>
/// <param name="Levels">Quantile levels that it is fitted for.</param>
/// <param name="Seed">Seed of the request; the fit's is derived from it as that of a forecast is.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TrainingJob(string DatasetId, string Name, string Model, int Horizon, IReadOnlyList<double> Levels, ulong Seed, string? Reason)
{
    /// <summary>Kind of the job in the store.</summary>
    public const string Kind = "training";

    /// <summary>Who registered the version, by which an attempt that died before it told is found again.</summary>
    public static string By(string jobId) => $"job {jobId}";
}

/// <summary>What a training leaves in the store.</summary>
/// <param name="Name">Name of the registered model.</param>
/// <param name="Version">Its number: <c>name@version</c> forecasts with it.</param>
/// <param name="Model">Model string.</param>
/// <param name="DataHash">Hash of the data.</param>
/// <param name="Series">Series that it was fitted on.</param>
public sealed record TrainingJobResult(string Name, int Version, string Model, string DataHash, int Series);
