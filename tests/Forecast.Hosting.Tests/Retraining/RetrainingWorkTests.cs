using System.Globalization;
using System.Text.Json;
using Forecast.Backtest.Wrappers;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Data;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Registry;
using Forecast.Hosting.Retraining;
using Forecast.Hosting.Tests.Data;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Lineage;
using Forecast.Store.Registry;
using Forecast.Store.Retrainings;
using NodaTime;

namespace Forecast.Hosting.Tests.Retraining;

/// <summary>A retraining as a job that may be begun again wherever it stopped.</summary>
public sealed class RetrainingWorkTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteForecastStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IForecastStore Own => _store!.ForTenant("acme");

    private DatasetLibrary Library => new(Repository.At("datasets"), _store!.Datasets);

    private ModelRegistry Registry => new(PlatformCatalogue.All, new ArtefactFolder(Path.Combine(_folder.Path, "artefacts")));

    public async ValueTask InitializeAsync() => _store = await SqliteForecastStore.OpenAsync(Path.Combine(_folder.Path, "forecast.db"), cancellation: Cancel);

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("FORECAST_INBOX", null);
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task New_data_of_the_inbox_are_taken_in_and_the_candidate_is_fitted_on_them()
    {
        Environment.SetEnvironmentVariable("FORECAST_INBOX", Path.Combine(_folder.Path, "inbox"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "inbox", "acme"));
        await WriteAsync(rows: 60);
        var job = Weekly with { Ingest = new IngestRequest("file", "flow.csv"), Rule = Weekly.Rule with { MinImprovement = -0.5 } };
        (await RunAsync(await AskAsync(job))).State.ShouldBe("promoted");
        await WriteAsync(rows: 90);

        (await RunAsync(await AskAsync(job))).ShouldSatisfyAllConditions(r => r.State.ShouldBe("promoted", r.Reason), r => r.Candidate.ShouldBe(2));

        (await Own.Datasets.FindAsync("flow", null, Cancel))!.ShouldSatisfyAllConditions(d => d.Version.ShouldBe(2), d => d.RowCount.ShouldBe(90));
        var champion = (await Own.Registry.FindChampionAsync("oil", Cancel))!;
        champion.Version.ShouldSatisfyAllConditions(v => v.Version.ShouldBe(2), v => v.FitCutoff.ShouldBe(Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(89)));
        (await _store!.ForTenant("beta").Registry.FindChampionAsync("oil", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_is_begun_again_after_its_decision_only_carries_it_out()
    {
        await UploadAsync(rows: 60);
        var job = await AskAsync(Weekly);
        await Own.Retrainings.AddAsync(new NewRetraining(job.Id, "acme", "oil", await CandidateAsync(job), RetrainingState.Promoted, "decided before", "{}"), Cancel);

        for (var attempt = 0; attempt < 2; attempt++) (await RunAsync(job)).ShouldBe(new RetrainingJobResult("oil", 1, "promoted", "decided before"));

        (await Own.Registry.FindChampionAsync("oil", Cancel))!.Version.Version.ShouldBe(1);
        (await Own.Registry.StagesAsync("oil", 1, Cancel)).Select(s => (s.Stage, s.By)).ShouldBe([(ModelStage.Candidate, $"job/{job.Id}"), (ModelStage.Champion, $"job/{job.Id}")]);
    }

    [Fact]
    public async Task A_job_that_is_begun_again_after_its_candidate_was_registered_makes_no_second_one()
    {
        await UploadAsync(rows: 60);
        var job = await AskAsync(Weekly);
        (await CandidateAsync(job)).ShouldBe(1);

        (await RunAsync(job)).Candidate.ShouldBe(1);

        (await Own.Registry.VersionsAsync("oil", 10, null, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_champion_that_has_read_the_newest_folds_is_not_judged_on_them_by_its_memory()
    {
        await UploadAsync(rows: 60);
        await RunAsync(await AskAsync(Weekly));
        (await ParametersAsync(Weekly)).ShouldBe("same");
        (await ParametersAsync(Weekly with { Model = "naive" })).ShouldBe("refitted");
        await UploadAsync(rows: 70);
        (await ParametersAsync(Weekly with { Folds = 10 })).ShouldBe("stored");
        (await ParametersAsync(Weekly with { Folds = 11, Model = "naive" })).ShouldBe("refitted");
    }

    private static RetrainingJob Weekly { get; } = new()
    {
        Name = "oil",
        Data = "flow",
        Options = new DataOptions { Frequency = "P1D" },
        Model = "mean",
        Horizon = 1,
        Levels = [0.1, 0.5, 0.9],
        Folds = 5,
        Rule = new PromotionRule { Miscalibration = null },
        Command = "test",
    };

    private static string Csv(int rows) => "date,flow\n" + string.Concat(Enumerable.Range(0, rows).Select(t => string.Create(CultureInfo.InvariantCulture, $"{new DateOnly(2024, 1, 1).AddDays(t):yyyy-MM-dd},{t * 17 % 23}\n")));

    private Task WriteAsync(int rows) => File.WriteAllTextAsync(Path.Combine(_folder.Path, "inbox", "acme", "flow.csv"), Csv(rows), Cancel);

    private async Task UploadAsync(int rows)
    {
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Csv(rows)));
        await Library.With(Own.Datasets).ImportAsync("flow", content, Weekly.Options, 1 << 20, Cancel);
    }

    private async Task<StoredJob> AskAsync(RetrainingJob job)
    {
        var asked = (await new RetrainingJobs(Own, Library.With(Own.Datasets), PlatformCatalogue.All).SubmitAsync(job, null, Cancel)).Job;
        asked.Tenant.ShouldBe("acme");
        return asked;
    }

    private async Task<RetrainingJobResult> RunAsync(StoredJob job)
    {
        var work = new RetrainingWork(_store!, Library, new DataIngestion(), PlatformCatalogue.All, Registry);
        return JsonSerializer.Deserialize<RetrainingJobResult>(await work.RunAsync(job, new JobClaim(job.Id, "w", 1), new Progress<JobShare>(), Cancel))!;
    }

    /// <summary>What an attempt leaves that dies between registering and deciding.</summary>
    private async Task<int> CandidateAsync(StoredJob job)
    {
        var panel = await Library.With(Own.Datasets).ReadAsync("flow", Weekly.Options, Cancel);
        var view = panel.AsOf(panel.Series[0].Times[^1]);
        var archive = new ModelArchive();
        PlatformCatalogue.All.Create("mean").Fit(view, new ForecastTask(1, Weekly.Levels), new FitContext(1)).Save(archive);
        using var bytes = new MemoryStream();
        archive.Save(bytes);
        var version = new NewModelVersion { Tenant = "acme", Name = "oil", Model = "mean", DataHash = panel.DataHash, Seed = 1, Device = "cpu", Engine = "test", FitCutoff = view.Cutoff, Archive = bytes.ToArray() };
        return (await Registry.RegisterAsync(Own, version, "first attempt", $"job/{job.Id}", Cancel)).Version.Version;
    }

    private async Task<string> ParametersAsync(RetrainingJob job)
    {
        var asked = await AskAsync(job with { Rule = job.Rule with { MinImprovement = 0.99 } });
        await RunAsync(asked);
        using var findings = JsonDocument.Parse((await Own.Retrainings.FindAsync(asked.Id, Cancel))!.FindingsJson);
        return findings.RootElement.GetProperty("contest").GetProperty("championParameters").GetString()!;
    }
}
