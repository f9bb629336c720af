using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Models.Catalogue;

namespace Forecast.Api.Reading;

/// <summary>A forecast request that can be worked on, with the ids in the order of the body.</summary>
internal sealed record ForecastInput(ForecastRequest Request, IReadOnlyList<string> Ids)
{
    /// <summary>Reads the body of <c>POST /v1/forecasts</c>; what it returns counts only when there are no faults.</summary>
    public static ForecastInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits) =>
        Read(body, catalogue, limits, b => LevelsOf(b, ForecastTask.DefaultLevels, limits));

    /// <summary>The same for a body whose levels have another name, and which may hold further members.</summary>
    public static ForecastInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits, Func<ObjectReader, IReadOnlyList<double>> levelsOf)
    {
        var model = ModelOf(body, "model", body.Text("model", limits.TextLength, required: true), catalogue);
        var calendar = body.Text("calendar", limits.TextLength) is { } name ? body.Try("calendar", () => TradingCalendar.Get(name)) : null;
        var frequency = FrequencyOf(body, calendar, limits);
        var horizon = body.Integer("horizon", 1, limits.Horizon, required: true);
        var levels = levelsOf(body);
        var seed = body.Unsigned("seed") ?? 1;
        var refit = body.Word("refit", "auto", "auto", "always", "never");
        var entries = body.Objects("series", limits.Series);
        body.Close();
        var before = body.Faults.Count;
        var reader = new SeriesInputReader(frequency ?? Frequency.Index, calendar, horizon ?? 1, limits);
        var inputs = frequency is null || horizon is null ? [] : entries.Select(reader.Read).ToArray();
        if (before > 0 || body.Faults.Count > 0 || model is null) return null;
        Bound(body, inputs, horizon!.Value, levels.Count, limits);
        return Joined(body, inputs) is not { } panel ? null : new ForecastInput(
            new ForecastRequest
            {
                Model = model,
                Panel = panel,
                Future = new KnownFuture(inputs.OfType<SeriesInput>().ToDictionary(i => i.History.Id, i => i.Future, StringComparer.Ordinal)),
                Task = new ForecastTask(horizon.Value, levels),
                Seed = seed,
                Refit = refit switch { "always" => RefitMode.Always, "never" => RefitMode.Never, _ => RefitMode.Auto },
                TimeLimit = TimeSpan.FromSeconds(limits.ForecastSeconds),
            },
            [.. panel.Series.Select(s => s.Id)]);
    }

    /// <summary>The model string, if the catalogue knows what it says.</summary>
    public static string? ModelOf(ObjectReader body, string path, string? model, ModelCatalogue catalogue)
    {
        if (model is null) return null;
        var trimmed = model.Trim();
        return body.Try(path, () => catalogue.Create(trimmed)) is null ? null : trimmed;
    }

    /// <summary>Levels of the body, or the default.</summary>
    public static IReadOnlyList<double> LevelsOf(ObjectReader body, IReadOnlyList<double> fallback, ApiLimits limits)
    {
        var before = body.Faults.Count;
        if (body.Numbers("levels", limits.Levels, missing: false) is not { } levels || body.Faults.Count > before) return fallback;
        for (var i = 0; i < levels.Length; i++)
        {
            if (!(levels[i] > 0 && levels[i] < 1)) body.Fault($"levels/{i}", "level-invalid", $"level {levels[i]:R} is not strictly between 0 and 1");
            else if (i > 0 && levels[i] <= levels[i - 1]) body.Fault($"levels/{i}", "level-order", $"levels must ascend without repeats; {levels[i]:R} follows {levels[i - 1]:R}");
        }

        return levels;
    }

    private static Frequency? FrequencyOf(ObjectReader body, TradingCalendar? calendar, ApiLimits limits)
    {
        if (body.Text("frequency", limits.TextLength, required: true) is not { } text) return null;
        var frequency = body.Try("frequency", () => Frequency.Parse(text));
        return frequency == Frequency.Daily && calendar is not null && calendar != TradingCalendar.AlwaysOpen ? Frequency.BusinessDay : frequency;
    }

    private static void Bound(ObjectReader body, SeriesInput?[] inputs, int horizon, int levels, ApiLimits limits)
    {
        var values = inputs.Sum(i => i!.History.Columns.Sum(c => (long)c.Values.Length));
        if (values > limits.Values) body.Fault("series", "values-too-many", $"the series hold {values} values; one request takes {limits.Values}");
        var answer = (long)inputs.Length * horizon * (levels + 1);
        if (answer > limits.AnswerValues) body.Fault("horizon", "answer-too-large", $"the answer would hold {answer} numbers (series x horizon x levels and mean); at most {limits.AnswerValues} are given");
    }

    private static Panel? Joined(ObjectReader body, SeriesInput?[] inputs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!seen.Add(inputs[i]!.History.Id)) body.Fault($"series/{i}/id", "series-duplicate", $"series '{inputs[i]!.History.Id}' stands twice");
        }

        return body.Faults.Count > 0 ? null : body.Try("series", () => new Panel([.. inputs.Select(i => i!.History)]));
    }
}
