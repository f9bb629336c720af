using Forecast.Core.Time;
using Forecast.Hosting.Data;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Retraining;
using Forecast.Models.Catalogue;

namespace Forecast.Api.Reading;

/// <summary>Reads a request for a retraining.</summary>
internal static class RetrainingInput
{
    private const int MostFolds = 1000;
    private const int LongestQuery = 10_000;

    private static readonly double[] DefaultLevels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    /// <param name="body">The body of <c>POST /v1/retrainings</c>, or the member <c>retraining</c> of a schedule.</param>
    /// <param name="command">The request, for the lineage.</param>
    /// <param name="catalogue">The models.</param>
    /// <param name="limits">What one request may ask for.</param>
    public static RetrainingJob? Read(ObjectReader body, string command, ModelCatalogue catalogue, ApiLimits limits)
    {
        var faults = body.Faults.Count;
        var name = body.Text("name", limits.TextLength, required: true);
        var data = body.Text("data", limits.TextLength, required: true);
        if (data is not null && string.IsNullOrWhiteSpace(data)) body.Fault("data", "text-empty", "'data' is blank");
        var ingest = Ingest(body, limits);
        var model = body.Text("model", limits.TextLength) is { } text ? ForecastInput.ModelOf(body, "model", text, catalogue) : null;
        var horizon = body.Integer("horizon", 1, limits.Horizon, required: true);
        var levels = ForecastInput.LevelsOf(body, DefaultLevels, limits);
        var seed = body.Unsigned("seed") ?? 1;
        var frequency = body.Text("frequency", 100) is { } f ? body.Try("frequency", () => Frequency.Parse(f)) : null;
        var calendar = body.Text("calendar", 100) is { } c ? body.Try("calendar", () => TradingCalendar.Get(c)) : null;
        var returns = body.Word("returns", "none", "none", "log", "simple");
        var folds = body.Integer("folds", 2, MostFolds) ?? 20;
        var when = body.Word("when", "always", "always", "drift");
        var approval = body.Boolean("approval") ?? false;
        var rule = Rule(body, limits);
        body.Close();
        if (body.Faults.Count > faults || name is null || data is null || horizon is null) return null;
        return new RetrainingJob
        {
            Name = name,
            Data = data.Trim(),
            Options = new DataOptions { Frequency = frequency?.Code, Calendar = calendar?.Name, Returns = returns switch { "log" => Returns.Log, "simple" => Returns.Simple, _ => Returns.None } },
            Ingest = ingest,
            Model = model,
            Horizon = horizon.Value,
            Levels = levels,
            Seed = seed,
            Folds = folds,
            OnDrift = when == "drift",
            Approval = approval,
            Rule = rule,
            Command = command,
        };
    }

    private static IngestRequest? Ingest(ObjectReader body, ApiLimits limits)
    {
        if (body.Member("ingest") is not { } reader) return null;
        var (source, from, query) = (reader.Text("source", 20, required: true), reader.Text("from", limits.TextLength, required: true), reader.Text("query", LongestQuery));
        reader.Close();
        return source is null || from is null ? null : new IngestRequest(source, from, query);
    }

    private static PromotionRule Rule(ObjectReader body, ApiLimits limits)
    {
        var usual = new PromotionRule();
        if (body.Member("rule") is not { } reader) return usual;
        var rule = usual with
        {
            Metric = reader.Text("metric", 20) ?? usual.Metric,
            MinImprovement = reader.Has("minImprovement") ? reader.Number("minImprovement") ?? usual.MinImprovement : usual.MinImprovement,
            Miscalibration = reader.Has("miscalibration") ? reader.Number("miscalibration") ?? usual.Miscalibration : usual.Miscalibration,
            Risk = reader.Numbers("risk", limits.Levels, missing: false, minimum: 0) ?? usual.Risk,
            PValue = reader.Has("pValue") ? reader.Number("pValue") ?? usual.PValue : usual.PValue,
        };
        reader.Close();
        return rule;
    }
}
