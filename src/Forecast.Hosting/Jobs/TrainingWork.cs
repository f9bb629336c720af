using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Hosting.Registry;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Lineage;
using Forecast.Store.Registry;
using NodaTime;

namespace Forecast.Hosting.Jobs;

/// <summary>
/// Trainings as jobs: a fit on all rows of the data, registered as a candidate. With the same seed it is the fit that a forecast on these
/// data makes. One that stops begins anew; one that registered its fit and died before it told is not done twice.
/// </summary>
/// <param name="store">The platform's store.</param>
/// <param name="catalogue">The models.</param>
/// <param name="registry">Where fits are registered.</param>
/// <param name="device">Where networks are trained.</param>
public sealed class TrainingWork(IForecastStore store, ModelCatalogue catalogue, ModelRegistry registry, string device = "cpu") : IJobWork
{
    /// <summary>Newest versions among which an earlier attempt's is looked for.</summary>
    private const int Newest = 50;

    public string Kind => TrainingJob.Kind;

    public async Task<string> RunAsync(StoredJob job, JobClaim claim, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(progress);
        var (spec, own) = (HostingJson.Read<TrainingJob>(job.SpecJson), store.ForTenant(job.Tenant));
        var panel = await own.Datasets.ReadPanelAsync(spec.DatasetId, null, cancellation);
        var version = await MadeAsync(own, spec, job.Id, cancellation) ?? await MakeAsync(own, spec, job, panel, progress, cancellation);
        return HostingJson.Write(new TrainingJobResult(version.Version.Name, version.Version.Version, spec.Model, panel.DataHash, panel.Series.Count));
    }

    public Task StoppedAsync(string jobId) => Task.CompletedTask;

    public Task FailedAsync(string jobId, string code, string message) => Task.CompletedTask;

    private static async Task<RegisteredVersion?> MadeAsync(IForecastStore own, TrainingJob spec, string jobId, CancellationToken cancellation)
    {
        foreach (var version in await own.Registry.VersionsAsync(spec.Name, Newest, cancellation: cancellation))
        {
            if ((await own.Registry.StagesAsync(spec.Name, version.Version.Version, cancellation))[0].By == TrainingJob.By(jobId)) return version;
        }

        return null;
    }

    private async Task<RegisteredVersion> MakeAsync(IForecastStore own, TrainingJob spec, StoredJob job, Panel panel, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        var forecaster = catalogue.Create(spec.Model);
        var engine = forecaster.EngineOn(device) is { } tensors ? $"{EngineVersion.Current}; {tensors}" : EngineVersion.Current;
        var view = panel.AsOf(panel.Series.Max(s => s.Length > 0 ? s.Times[^1] : Instant.MinValue));
        var seed = Seeds.Derive(spec.Seed, spec.Model, "fit");
        progress.Report(new JobShare(0, $"fitting {spec.Model} on {panel.Series.Count} series"));
        var fitted = forecaster.Fit(view, new ForecastTask(spec.Horizon, spec.Levels), new FitContext(seed) { Device = device, Cancellation = cancellation, Training = new Epochs(progress) });
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var bytes = new MemoryStream();
        archive.Save(bytes);
        var version = new NewModelVersion
        {
            Tenant = job.Tenant,
            Name = spec.Name,
            Model = spec.Model,
            DatasetId = spec.DatasetId,
            DataHash = panel.DataHash,
            Seed = seed,
            Device = device,
            Engine = engine,
            FitCutoff = Instant.FromUnixTimeTicks(view.Cutoff.ToUnixTimeTicks() / 10 * 10), // the store keeps whole microseconds
            Archive = bytes.ToArray(),
        };
        return await registry.RegisterAsync(own, version, spec.Reason, TrainingJob.By(job.Id), cancellation);
    }

    private sealed class Epochs(IProgress<JobShare> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(new JobShare(
            value.Epochs > 0 ? Math.Clamp((double)value.Epoch / value.Epochs, 0, 1) : 0,
            string.Create(CultureInfo.InvariantCulture, $"{value.Model}: epoch {value.Epoch} of {value.Epochs}, loss {value.Loss:G4}")));
    }
}
