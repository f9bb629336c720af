using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Backtest.Engine;
using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;
using Forecast.Store.Lineage;

namespace Forecast.Api.Answers;

/// <summary>Forecasts as the contract writes them.</summary>
internal static class ForecastAnswers
{
    /// <exception cref="RequestException">When no series could be forecast: an error for each, 422, or 503 when all of them may pass.</exception>
    public static ForecastAnswerBody Of(ForecastInput input, ForecastAnswer answer)
    {
        var request = input.Request;
        var entries = input.Ids.Select((id, i) => Of(input, answer.Failures.TryGetValue(id, out var e) ? SeriesOutcome<SeriesForecast>.Failed(id, e) : SeriesOutcome<SeriesForecast>.Of(id, answer.Forecasts[id]), i)).ToArray();
        var failed = entries.Count(e => e.Error is not null);
        return failed < entries.Length
            ? new ForecastAnswerBody(input.Model, request.Panel.Frequency.Code, request.Task.Horizon, request.Task.Levels, request.Seed, failed, entries)
            : throw new RequestException(
                entries.All(e => ProblemAnswers.MayPass(e.Error!.Code)) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity,
                [.. entries.Select(e => new Fault(e.Error!.Pointer, e.Error.Code, e.Error.Detail))]);
    }

    /// <summary>Where a forecast came from.</summary>
    public static ForecastTraceBody Of(ForecastTrace trace) => new()
    {
        Id = trace.ForecastId,
        Model = trace.Model,
        Series = trace.Series,
        Cutoff = Numbers.Text(trace.Cutoff),
        DataHash = trace.DataHash,
        Seed = trace.Seed,
        Device = trace.Device,
        Engine = trace.Engine,
        ModelVersion = trace.ModelVersion is { } v ? new ModelVersionBody(v.Id, v.Name, v.Version, v.DataHash, Numbers.Text(v.CreatedAt)) : null,
        FitCutoff = Numbers.Text(trace.FitCutoff),
        FitSeed = trace.FitSeed,
        RunId = trace.RunId,
        DatasetId = trace.DatasetId,
    };

    /// <summary>The forecast of one series, or its error.</summary>
    public static SeriesForecastBody Of(ForecastInput input, SeriesOutcome<SeriesForecast> outcome, int place)
    {
        var (id, error) = (outcome.Series, outcome.Failure);
        var series = input.Request.Panel[id];
        if (error is null)
        {
            try
            {
                return Worked(input.Request, outcome.Value!, series.Unit, series.Frequency, series.Times[^1]);
            }
            catch (ForecastException e)
            {
                error = e;  // a level that the model does not have
            }
        }

        return new SeriesForecastBody { Id = id, Unit = series.Unit, Error = new SeriesError(ProblemAnswers.Type(error.Code), error.Code, $"/series/{place}", error.Message) };
    }

    private static SeriesForecastBody Worked(ForecastRequest request, SeriesForecast forecast, string? unit, Frequency frequency, NodaTime.Instant cutoff)
    {
        var law = forecast.Distribution;
        return new SeriesForecastBody
        {
            Id = forecast.Series,
            ForecastId = forecast.Id,
            Unit = unit,
            Origin = Numbers.Word(forecast.Origin),
            Fit = new FitBody(forecast.Fit.DataHash, frequency.Format(forecast.Fit.Cutoff), forecast.Fit.Rows),
            Cutoff = frequency.Format(cutoff),
            Timestamps = [.. law.Timestamps.Select(frequency.Format)],
            Mean = Means(law),
            Quantiles = Quantiles(law, request),
            Repairs = law.Repairs,
            WithoutNotes = forecast.WithoutNotes is { } without ? new PlainForecastBody(Means(without), Quantiles(without, request)) : null,
        };
    }

    private static IReadOnlyList<double?> Means(PredictiveDistribution law) => Numbers.Finite(Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h)));

    private static Dictionary<string, IReadOnlyList<double?>> Quantiles(PredictiveDistribution law, ForecastRequest request) =>
        request.Task.Levels.ToDictionary(Numbers.Level, l => Numbers.Finite(Enumerable.Range(1, law.Horizon).Select(h => law.Quantile(h, l, request.Model))), StringComparer.Ordinal);
}
