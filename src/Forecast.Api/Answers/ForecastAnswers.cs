using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Core.Time;
using Forecast.Hosting.Forecasts;

namespace Forecast.Api.Answers;

/// <summary>Forecasts as the contract writes them.</summary>
internal static class ForecastAnswers
{
    /// <exception cref="RequestException">422 with an error for each series, when no series could be forecast.</exception>
    public static ForecastAnswerBody Of(ForecastInput input, ForecastAnswer answer)
    {
        var request = input.Request;
        var entries = input.Ids.Select((id, i) => One(input, answer, id, i)).ToArray();
        var failed = entries.Count(e => e.Error is not null);
        return failed < entries.Length
            ? new ForecastAnswerBody(request.Model, request.Panel.Frequency.Code, request.Task.Horizon, request.Task.Levels, request.Seed, failed, entries)
            : throw new RequestException(StatusCodes.Status422UnprocessableEntity, [.. entries.Select(e => new Fault(e.Error!.Pointer, e.Error.Code, e.Error.Detail))]);
    }

    private static SeriesForecastBody One(ForecastInput input, ForecastAnswer answer, string id, int place)
    {
        var series = input.Request.Panel[id];
        var error = answer.Failures.GetValueOrDefault(id);
        if (error is null)
        {
            try
            {
                return Worked(input.Request, answer.Forecasts[id], series.Unit, series.Frequency, series.Times[^1]);
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
        var steps = Enumerable.Range(1, law.Horizon);
        return new SeriesForecastBody
        {
            Id = forecast.Series,
            Unit = unit,
            Origin = Numbers.Word(forecast.Origin),
            Fit = new FitBody(forecast.Fit.DataHash, frequency.Format(forecast.Fit.Cutoff), forecast.Fit.Rows),
            Cutoff = frequency.Format(cutoff),
            Timestamps = [.. law.Timestamps.Select(frequency.Format)],
            Mean = Numbers.Finite(steps.Select(h => law.Mean(h))),
            Quantiles = request.Task.Levels.ToDictionary(Numbers.Level, l => Numbers.Finite(steps.Select(h => law.Quantile(h, l, request.Model))), StringComparer.Ordinal),
            Repairs = law.Repairs,
        };
    }
}
