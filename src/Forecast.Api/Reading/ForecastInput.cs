using Forecast.Api.Access;
using Forecast.Api.Problems;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Registry;
using Forecast.Models.Catalogue;
using Forecast.Store;
using NodaTime;

namespace Forecast.Api.Reading;

/// <summary>A forecast request that can be worked on, with the ids in the order of the body.</summary>
/// <param name="Model">The model as it was asked for.</param>
/// <param name="Request">The request.</param>
/// <param name="Ids">Ids of the series.</param>
internal sealed record ForecastInput(string Model, ForecastRequest Request, IReadOnlyList<string> Ids)
{
    /// <summary>The same for a caller, with the parameters of the registered version where the model names one.</summary>
    /// <exception cref="RequestException">There is no such version.</exception>
    public async Task<ForecastInput> ForAsync(Caller caller, ModelRegistry registry, IForecastStore store, CancellationToken cancellation)
    {
        var request = Request with { Tenant = caller.Tenant };
        if (ModelReference.TryParse(Model) is not { } reference) return this with { Request = request };
        try
        {
            var ready = await registry.ReadyAsync(store, reference, cancellation);
            return this with { Request = request with { Model = ready.Version.Model, Registered = ready } };
        }
        catch (ForecastException e) when (e.Code == "model-version-unknown")
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault("/model", e.Code, e.Message)]);
        }
    }

    /// <summary>Reads the body of <c>POST /v1/forecasts</c>; what it returns counts only when there are no faults.</summary>
    public static ForecastInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits) =>
        Read(body, catalogue, limits, b => LevelsOf(b, ForecastTask.DefaultLevels, limits));

    /// <summary>The same for a body whose levels have another name, and which may hold further members.</summary>
    public static ForecastInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits, Func<ObjectReader, IReadOnlyList<double>> levelsOf)
    {
        var model = ModelOf(body, "model", body.Text("model", limits.TextLength, required: true), catalogue, references: true);
        var calendar = body.Text("calendar", limits.TextLength) is { } name ? body.Try("calendar", () => TradingCalendar.Get(name)) : null;
        var frequency = FrequencyOf(body, calendar, limits);
        var horizon = body.Integer("horizon", 1, limits.Horizon, required: true);
        var levels = levelsOf(body);
        var seed = body.Unsigned("seed") ?? 1;
        var refit = body.Word("refit", "auto", "auto", "always", "never");
        var context = body.Text("context", Note.Longest);
        if (context is not null && string.IsNullOrWhiteSpace(context)) body.Fault("context", "note-empty", "'context' has no words");
        var entries = body.Objects("series", limits.Series);
        body.Close();
        var before = body.Faults.Count;
        var reader = new SeriesInputReader(frequency ?? Frequency.Index, calendar, horizon ?? 1, limits);
        var inputs = frequency is null || horizon is null ? [] : entries.Select(reader.Read).ToArray();
        if (before > 0 || body.Faults.Count > 0 || model is null) return null;
        Bound(body, inputs, horizon!.Value, levels.Count, limits);
        return Joined(body, inputs) is not { } panel ? null : new ForecastInput(
            model,
            new ForecastRequest
            {
                Model = model,
                Panel = panel.WithNotesAhead(context is null ? [] : [context], Instant.MaxValue, horizon.Value),
                Future = new KnownFuture(inputs.OfType<SeriesInput>().ToDictionary(i => i.History.Id, i => i.Future, StringComparer.Ordinal)),
                Task = new ForecastTask(horizon.Value, levels),
                Seed = seed,
                Refit = refit switch { "always" => RefitMode.Always, "never" => RefitMode.Never, _ => RefitMode.Auto },
                TimeLimit = TimeSpan.FromSeconds(limits.ForecastSeconds),
            },
            [.. panel.Series.Select(s => s.Id)]);
    }

    /// <summary>The model string, if the catalogue knows what it says.</summary>
    public static string? ModelOf(ObjectReader body, string path, string? model, ModelCatalogue catalogue, bool references = false)
    {
        if (model is null) return null;
        var trimmed = model.Trim();
        if (references && ModelReference.Looks(trimmed)) return body.Try(path, () => ModelReference.TryParse(trimmed)!) is null ? null : trimmed;
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
