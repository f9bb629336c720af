using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Backtest.Risk;
using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Hosting.Forecasts;
using NodaTime;

namespace Forecast.Api.Answers;

/// <summary>VaR and expected shortfall as the contract writes them.</summary>
internal static class RiskAnswers
{
    public static RiskTestsAnswerBody Of(RiskTestsInput input) => new(
        input.Alpha,
        [.. input.Models.Select(m => RiskTests.Of(m, input.Alpha, input.Seed))],
        RiskComparison.Of(input.Models, input.Alpha, input.Seed));

    /// <exception cref="RequestException">When no series has a figure: an error for each, 422, or 503 when all of them may pass.</exception>
    public static RiskForecastAnswerBody Of(RiskForecastInput input, ForecastAnswer answer)
    {
        var (request, ids) = (input.Forecast.Request, input.Forecast.Ids);
        var totals = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var entries = ids.Select((id, i) => One(input, answer, id, i, totals)).ToArray();
        if (entries.All(e => e.Error is not null))
        {
            throw new RequestException(
                entries.All(e => ProblemAnswers.MayPass(e.Error!.Code)) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity,
                [.. entries.Select(e => new Fault(e.Error!.Pointer, e.Error.Code, e.Error.Detail))]);
        }

        return new(
            input.Forecast.Model, request.Panel.Frequency.Code, request.Task.Horizon, request.Task.Levels, Numbers.Word(input.Kind), input.Paths, request.Seed,
            entries.Count(e => e.Error is not null), entries, input.Weights is { } weights ? Portfolio(input, weights, totals) : null);
    }

    private static SeriesRiskBody One(RiskForecastInput input, ForecastAnswer answer, string id, int place, Dictionary<string, double[]> totals)
    {
        var request = input.Forecast.Request;
        try
        {
            if (answer.Failures.TryGetValue(id, out var failure)) throw failure;
            var (forecast, series) = (answer.Forecasts[id], request.Panel[id]);
            var law = forecast.Distribution;
            var body = new SeriesRiskBody
            {
                Id = id,
                ForecastId = forecast.Id,
                Cutoff = series.Frequency.Format(series.Times[^1]),
                Timestamps = [.. law.Timestamps.Select(series.Frequency.Format)],
                Var = Steps(request, h => a => -law.Quantile(h, a, request.Model)),
                Es = Steps(request, h => a => law.TryExpectedShortfall(h, a, out var loss) ? loss : double.NaN),
            };
            return Whole(input, body, law, place, totals);
        }
        catch (ForecastException e)
        {
            return new SeriesRiskBody { Id = id, Error = Error(e, $"/series/{place}") };
        }
    }

    private static Dictionary<string, IReadOnlyList<double?>> Steps(ForecastRequest request, Func<int, Func<double, double>> figure) => request.Task.Levels.ToDictionary(
        Numbers.Level, a => Numbers.Finite(Enumerable.Range(1, request.Task.Horizon).Select(h => figure(h)(a))), StringComparer.Ordinal);

    private static SeriesRiskBody Whole(RiskForecastInput input, SeriesRiskBody body, PredictiveDistribution law, int place, Dictionary<string, double[]> totals)
    {
        try
        {
            var draws = JointDraws.Totals(law, input.Forecast.Request.Task.Horizon, input.Paths, input.Kind);
            totals[body.Id] = draws;
            return body with { Total = Figures(draws, input.Forecast.Request.Task.Levels) };
        }
        catch (ForecastException e)
        {
            return body with { TotalError = Error(e, $"/series/{place}") };
        }
    }

    private static PortfolioRiskBody Portfolio(RiskForecastInput input, IReadOnlyList<double> weights, Dictionary<string, double[]> totals)
    {
        var request = input.Forecast.Request;
        var past = Common(request);
        var body = new PortfolioRiskBody(weights, Numbers.Word(input.Dependence), past[0].Length, null, null);
        try
        {
            var missing = input.Forecast.Ids.FirstOrDefault(id => !totals.ContainsKey(id));
            if (missing is not null) throw new ForecastException("portfolio-incomplete", $"series '{missing}' has no figure over the horizon, so the portfolio has none", "series", missing);
            double[][] draws = [.. input.Forecast.Ids.Select(id => totals[id])];
            var returns = JointDraws.Portfolio(draws, past, weights, request.Task.Horizon, input.Dependence, Seeds.Derive(request.Seed, "portfolio"));
            return body with { Total = Figures(returns, request.Task.Levels) };
        }
        catch (ForecastException e)
        {
            return body with { Error = Error(e, e.Field is "series" ? "/series" : "/weights") };
        }
    }

    /// <summary>Values of each series on the dates on which none is missing.</summary>
    private static double[][] Common(ForecastRequest request)
    {
        var dates = request.Panel.Series.Select(s => Observed(s).Keys.ToHashSet()).Aggregate((all, own) =>
        {
            all.IntersectWith(own);
            return all;
        });
        Instant[] ordered = [.. dates.Order()];
        return [.. request.Panel.Series.Select(Observed).Select(own => Array.ConvertAll(ordered, d => own[d]))];

        static Dictionary<Instant, double> Observed(Core.Data.TimeSeries series)
        {
            var observed = new Dictionary<Instant, double>(series.Length);
            for (var t = 0; t < series.Length; t++)
            {
                if (!double.IsNaN(series.Targets[0].Values[t])) observed[series.Times[t]] = series.Targets[0].Values[t];
            }

            return observed;
        }
    }

    private static TailFigures Figures(double[] returns, IReadOnlyList<double> tails)
    {
        var law = new EmpiricalMarginal(returns);
        return new(
            tails.ToDictionary(Numbers.Level, a => Finite(law.TryQuantile(a, out var q) ? -q : double.NaN), StringComparer.Ordinal),
            tails.ToDictionary(Numbers.Level, a => Finite(law.TryExpectedShortfall(a, out var es) ? es : double.NaN), StringComparer.Ordinal));

        static double Finite(double loss) => double.IsFinite(loss) ? loss : throw new ForecastException("forecast-not-finite", "a loss over the horizon is beyond the numbers of double precision");
    }

    private static SeriesError Error(ForecastException e, string pointer) => new(ProblemAnswers.Type(e.Code), e.Code, pointer, e.Message);
}
