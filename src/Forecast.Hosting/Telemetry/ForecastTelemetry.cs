using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Forecast.Hosting.Telemetry;

/// <summary>
/// What the platform measures of itself: traces of source <see cref="Name"/> and instruments of the meter of the same name. No label holds a
/// value, a name or an id of anybody's data; model names are those of the catalogue, without their arguments.
/// </summary>
public static class ForecastTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Forecast";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Series = Meter.CreateCounter<long>("forecast.series", "{series}", "Series forecast, by model family and origin of the parameters, or failed");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("forecast.request.duration", "s", "Time of one forecast request, by model family");
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("forecast.jobs", "{job}", "Jobs that ended, by kind and state");

    /// <summary>Source of the traces.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Counts a series of a forecast.</summary>
    /// <param name="model">Model string, of which the family is told.</param>
    /// <param name="outcome">Origin of the parameters, or the code of the error.</param>
    /// <param name="count">How many.</param>
    public static void CountSeries(string model, string outcome, long count = 1) =>
        Series.Add(count, new KeyValuePair<string, object?>("model", Family(model)), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Records how long a forecast request took.</summary>
    public static void RecordForecast(string model, TimeSpan took) => Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("model", Family(model)));

    /// <summary>Counts a job that ended.</summary>
    public static void CountJob(string kind, string state) => Jobs.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("state", state));

    /// <summary>The model's name without arguments and options, so that there are few labels.</summary>
    public static string Family(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var end = model.AsSpan().IndexOfAny("([{");
        return (end < 0 ? model : model[..end]).Trim().ToLowerInvariant();
    }
}
