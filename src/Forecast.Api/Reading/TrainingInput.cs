using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using Forecast.Hosting.Jobs;
using Forecast.Models.Catalogue;
using Forecast.Store.Registry;

namespace Forecast.Api.Reading;

/// <summary>A training request whose members are each in order.</summary>
internal sealed record TrainingInput(string Data, DataOptions Options, TrainingJob Job)
{
    /// <summary>Reads the body of <c>POST /v1/trainings</c>.</summary>
    public static TrainingInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits)
    {
        var data = body.Text("data", limits.TextLength, required: true);
        if (data is not null && string.IsNullOrWhiteSpace(data)) body.Fault("data", "text-empty", "'data' is blank");
        var model = ForecastInput.ModelOf(body, "model", body.Text("model", limits.TextLength, required: true), catalogue);
        var name = body.Text("name", limits.TextLength, required: true);
        if (name is not null) body.Try("name", () => Named(name));
        var horizon = body.Integer("horizon", 1, limits.Horizon, required: true);
        var levels = ForecastInput.LevelsOf(body, ForecastTask.DefaultLevels, limits);
        var seed = body.Unsigned("seed") ?? 1;
        var frequency = body.Text("frequency", 100) is { } f ? body.Try("frequency", () => Frequency.Parse(f)) : null;
        var calendar = body.Text("calendar", 100) is { } c ? body.Try("calendar", () => TradingCalendar.Get(c)) : null;
        var returns = body.Word("returns", "none", "none", "log", "simple");
        var reason = body.Text("reason", limits.TextLength);
        body.Close();
        if (body.Faults.Count > 0 || data is null || model is null || name is null || horizon is null) return null;
        var options = new DataOptions { Frequency = frequency?.Code, Calendar = calendar?.Name, Returns = returns switch { "log" => Returns.Log, "simple" => Returns.Simple, _ => Returns.None } };
        return new TrainingInput(data.Trim(), options, new TrainingJob("", name, model, horizon.Value, levels, seed, reason));
    }

    /// <summary>How the data are named in the store: a name of its own for what is no longer the dataset's own content.</summary>
    public string DataName => Options.Returns == Returns.None ? Data : $"{Data} ({(Options.Returns == Returns.Log ? "log" : "simple")} returns)";

    private static string Named(string name)
    {
        RegisteredName.Check(name);
        return name;
    }
}
