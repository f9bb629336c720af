using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Time;
using Forecast.Hosting;
using Forecast.Hosting.Backtests;
using Forecast.Store;
using Forecast.Store.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/runs</c>: back-tests with their scores, predictions and report.</summary>
internal static class RunRoutes
{
    /// <summary>Work items told one by one.</summary>
    private const int MostItems = 5_000;

    public static void MapRuns(this RouteGroupBuilder v1)
    {
        var runs = v1.MapGroup("/runs").WithTags("runs");
        runs.MapGet("/", ListAsync).Refuses(400).WithName("runs").WithSummary("Runs, latest first");
        runs.MapGet("/{id}", FindAsync).Refuses(404).WithName("run").WithSummary("A run with its certificate, its failures and its work items by state");
        runs.MapGet("/{id}/metrics", MetricsAsync).Refuses(404).WithName("runMetrics").WithSummary("Scores of a finished run").WithDescription("Empty until the run is finished. 'model', 'series' and 'name' may be repeated; 'series=all' is over all series.");
        runs.MapGet("/{id}/predictions", PredictionsAsync).Refuses(400, 404)
            .Produces<Page<PredictionBody>>(StatusCodes.Status200OK, "application/json", "text/csv")
            .WithName("runPredictions").WithSummary("Predictions that were committed so far, as JSON pages or all as CSV")
            .WithDescription("'model' and 'series' may be repeated. With 'Accept: text/csv' a line a step, all at once.");
        runs.MapGet("/{id}/report", ReportAsync).Refuses(404, 409)
            .Produces(StatusCodes.Status200OK, contentType: "text/html")
            .WithName("runReport").WithSummary("The report of a finished run, one HTML file");
        runs.MapGet("/{id}/parts", PartsAsync).Refuses(404, 409).WithName("runParts").WithSummary("Parts of a finished run's report")
            .WithDescription("The content of those named by 'name', which may be repeated, and the titles of all others.");
        runs.MapGet("/{id}/items", ItemsAsync).Refuses(404).WithName("runItems").WithSummary("Work items of a run: who did them, when, how long").WithDescription("The first 5,000 in the run's order.");
        runs.MapGet("/{id}/heat", HeatAsync).Refuses(404, 409).WithName("runHeat").WithSummary("Losses of a finished run by series and step ahead, beside the baseline's");
    }

    private static async Task<Ok<Page<RunBody>>> ListAsync(IForecastStore store, ApiLimits limits, string? limit, string? after, [FromQuery] string[]? status, CancellationToken cancellation)
    {
        var statuses = Query.Words(status)?.Select(Status).ToArray();
        var page = await store.Runs.ListAsync(Query.Page(limit, after, limits), statuses, cancellation);
        return TypedResults.Ok(new Page<RunBody>([.. page.Items.Select(r => RunAnswers.Of(r))], page.Next));
    }

    private static RunStatus Status(string word) => Enum.GetValues<RunStatus>().Cast<RunStatus?>().FirstOrDefault(s => Numbers.Word(s!.Value).Equals(word, StringComparison.Ordinal))
        ?? throw RequestException.OfParameter("status", "status-unknown", $"status is '{word}'; it must be one of {string.Join(", ", Enum.GetValues<RunStatus>().Select(Numbers.Word))}");

    private static async Task<Ok<RunBody>> FindAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var run = await RequireAsync(store, id, cancellation);
        var items = await store.Runs.ProgressAsync(id, cancellation);
        var failures = RunAnswers.Of(await store.Runs.FailuresAsync(id, cancellation));
        return TypedResults.Ok(RunAnswers.Of(run, new RunItems(items.Total, items.Pending, items.Done, items.Failed), failures));
    }

    private static async Task<Ok<MetricList>> MetricsAsync(IForecastStore store, string id, [FromQuery] string[]? model, [FromQuery] string[]? series, [FromQuery] string[]? name, CancellationToken cancellation)
    {
        await RequireAsync(store, id, cancellation);
        var (models, ids, names) = (Query.Words(model), Query.Words(series), Query.Words(name));
        var metrics = await store.Runs.MetricsAsync(id, cancellation);
        return TypedResults.Ok(new MetricList([.. metrics
            .Where(m => models?.Contains(m.Model) != false && ids?.Contains(m.Series) != false && names?.Contains(m.Name) != false)
            .Select(m => new MetricBody(m.Model, m.Series, m.Name, Numbers.Finite(m.Value), m.Count, m.Note.Length > 0 ? m.Note : null))]));
    }

    private static async Task<IResult> PredictionsAsync(
        HttpContext context, IForecastStore store, ApiLimits limits, string id, [FromQuery] string[]? model, [FromQuery] string[]? series, string? limit, string? after)
    {
        var run = await RequireAsync(store, id, context.RequestAborted);
        var (spec, frequency) = (RunSpecs.Of(run), await FrequencyAsync(store, run, context.RequestAborted));
        var most = (int)Query.Number("limit", limit, 1, limits.PageSize, 100);
        var skip = (int)Query.Number("after", after, 0, int.MaxValue, 0);
        var all = await store.Runs.PredictionsAsync(id, Query.Words(model), Query.Words(series), context.RequestAborted);
        if (context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)))
            return TypedResults.Stream(output => RunAnswers.WriteCsvAsync(output, all, spec, frequency, context.RequestAborted), "text/csv; charset=utf-8", $"predictions-{id}.csv");
        var items = all.Skip(skip).Take(most).Select(p => RunAnswers.Of(id, p, spec, frequency)).ToArray();
        return TypedResults.Ok(new Page<PredictionBody>(items, skip + (long)items.Length < all.Count ? $"{skip + items.Length}" : null));
    }

    private static async Task<PhysicalFileHttpResult> ReportAsync(IForecastStore store, BacktestService backtests, string id, CancellationToken cancellation)
    {
        var run = await RequireAsync(store, id, cancellation);
        RequireFinished(run);
        var path = Path.GetFullPath(Path.Combine(ForecastHome.RunFolder(id), "report.html"));
        if (!File.Exists(path)) path = await WriteAsync(backtests, id, cancellation);
        return TypedResults.PhysicalFile(path, "text/html; charset=utf-8");
    }

    private static async Task<Ok<RunPartList>> PartsAsync(IForecastStore store, RunViews views, string id, [FromQuery] string[]? name, CancellationToken cancellation)
    {
        var view = await ViewAsync(store, views, id, cancellation);
        var names = Query.Words(name) ?? [];
        return TypedResults.Ok(new RunPartList([.. view.Parts.Select(p => new RunPartBody(p.Id, p.Title, p.Absence.Length > 0 ? p.Absence : null, names.Contains(p.Id) && p.Absence.Length == 0 ? p.Html : null))]));
    }

    private static async Task<Ok<WorkItemList>> ItemsAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        await RequireAsync(store, id, cancellation);
        var items = await store.Runs.ItemsAsync(id, cancellation);
        return TypedResults.Ok(new WorkItemList([.. items.Take(MostItems).Select(RunAnswers.Of)]));
    }

    private static async Task<Ok<HeatBody>> HeatAsync(IForecastStore store, RunViews views, string id, CancellationToken cancellation)
    {
        var heat = (await ViewAsync(store, views, id, cancellation)).Heat;
        return TypedResults.Ok(new HeatBody(heat.Score, heat.Steps, heat.Series, [.. heat.Models.Select(m => new ModelHeatBody(m.Model, Rows(m.Loss), Rows(m.Ratio)))]));
    }

    private static IReadOnlyList<IReadOnlyList<double?>> Rows(double[][] rows) => [.. rows.Select(Numbers.Finite)];

    private static async Task<RunView> ViewAsync(IForecastStore store, RunViews views, string id, CancellationToken cancellation)
    {
        RequireFinished(await RequireAsync(store, id, cancellation));
        return await views.GetAsync(id).WaitAsync(cancellation);
    }

    private static void RequireFinished(StoredRun run)
    {
        if (run.Status != RunStatus.Finished) throw new ForecastException("run-unfinished", $"run '{run.Id}' is {Numbers.Word(run.Status)}; its report is written when it is finished", "id");
    }

    /// <summary>A report that lies elsewhere, or was removed, is made again from the store.</summary>
    private static async Task<string> WriteAsync(BacktestService backtests, string id, CancellationToken cancellation)
    {
        BacktestResult result = await backtests.RunAsync(id, new Progress<Forecast.Hosting.Backtests.RunProgress>(), cancellation);
        return (await RunFiles.WriteAsync(new RunFindings(result), report: null, cancellation)).Report;
    }

    private static async Task<Frequency> FrequencyAsync(IForecastStore store, StoredRun run, CancellationToken cancellation)
    {
        var dataset = run.DatasetId is { } id ? await store.Datasets.FindAsync(id, null, cancellation) : null;
        return Frequency.Parse(dataset?.Frequency ?? throw new ForecastException("run-without-data", $"run '{run.Id}' has no stored data", "id"));
    }

    private static async Task<StoredRun> RequireAsync(IForecastStore store, string id, CancellationToken cancellation) =>
        await store.Runs.FindAsync(id, cancellation) ?? throw new ForecastException("run-unknown", $"there is no run '{id}'", "id");
}
