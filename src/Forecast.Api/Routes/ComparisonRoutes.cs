using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Backtests;
using Forecast.Store;
using Forecast.Store.Runs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/comparisons</c>: models of several runs side by side.</summary>
internal static class ComparisonRoutes
{
    private const int Fewest = 2;
    private const int Most = 6;

    public static void MapComparisons(this RouteGroupBuilder v1) => v1.MapGet("/comparisons", CompareAsync).Refuses(400, 404, 409)
        .WithName("compare").WithTags("runs").WithSummary("Compares models of one or several finished runs on the forecasts that all of them made")
        .WithDescription("'entry' is RUN/MODEL and stands two to six times; the first is the baseline. Without any nothing is compared. Runs of other data have nothing in common and give an empty comparison.");

    private static async Task<Ok<ComparisonBody>> CompareAsync(IForecastStore store, [FromQuery] string[]? entry, CancellationToken cancellation)
    {
        var entries = (Query.Words(entry) ?? []).Select(Split).Distinct().ToArray();
        if (entries.Length == 0) return TypedResults.Ok(Body(RunComparison.Nothing));
        if (entries.Length is < Fewest or > Most) throw RequestException.OfParameter("entry", "entry-count", $"{entries.Length} entries are given; compare {Fewest} to {Most}, each as RUN/MODEL");
        var contenders = new List<Contender>();
        var overlap = 1;
        foreach (var (id, model) in entries)
        {
            var run = await store.Runs.FindAsync(id, cancellation) ?? throw new ForecastException("run-unknown", $"there is no run '{id}'", "entry");
            if (run.Status != RunStatus.Finished) throw new ForecastException("run-unfinished", $"run '{id}' is {Numbers.Word(run.Status)}; only finished runs are compared", "entry");
            var spec = RunSpecs.Of(run);
            if (!spec.Models.Contains(model, StringComparer.Ordinal)) throw RequestException.OfParameter("entry", "entry-unknown", $"run '{id}' has no model '{model}'; it has {string.Join(", ", spec.Models)}");
            overlap = Math.Max(overlap, 1 + ((spec.Plan.Horizon + spec.Plan.Gap - 1) / spec.Plan.EffectiveStep));
            contenders.Add(new Contender(id, model, await store.Runs.PredictionsAsync(id, [model], null, cancellation)));
        }

        return TypedResults.Ok(Body(RunComparison.Of(contenders, overlap)));
    }

    private static (string Run, string Model) Split(string entry)
    {
        var at = entry.IndexOf('/', StringComparison.Ordinal);
        return at > 0 && at < entry.Length - 1 ? (entry[..at], entry[(at + 1)..]) : throw RequestException.OfParameter("entry", "entry-invalid", $"'{entry}' is not of the form RUN/MODEL");
    }

    private static ComparisonBody Body(RunComparison found) => new(
        found.Score, found.Series, found.Cutoffs, found.Common, found.LeftOut,
        [.. found.Standings.Select(s => new ComparedBody(s.Run, s.Model, Numbers.Finite(s.Ratio), Numbers.Finite(s.Mae), Numbers.Finite(s.Rank), Numbers.Finite(s.RankHalf), Numbers.Finite(s.Losses)))],
        [.. found.Duels.Select(d => new ComparedPairBody(d.First, d.Second, Numbers.Finite(d.Difference), Numbers.Finite(d.PValue), d.Note.Length > 0 ? d.Note : null))]);
}
