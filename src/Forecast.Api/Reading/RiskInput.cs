using Forecast.Backtest.Risk;
using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Api.Reading;

/// <summary>A request for risk tests that can be worked on.</summary>
internal sealed record RiskTestsInput(double Alpha, ulong Seed, IReadOnlyList<RiskSeries> Models)
{
    /// <summary>Reads the body of <c>POST /v1/risk/tests</c>.</summary>
    public static RiskTestsInput? Read(ObjectReader body, ApiLimits limits)
    {
        var alpha = body.Has("alpha") ? body.Number("alpha") : 0.01;
        if (alpha is { } tail && !(tail is > 0 and <= 0.5)) body.Fault("alpha", "alpha-invalid", $"alpha is {tail:R}; a tail lies above 0 and is at most 0.5, as 0.01 for a VaR of 99 %");
        var seed = body.Unsigned("seed") ?? 1;
        var returns = body.Numbers("returns", limits.Rows, missing: true, required: true);
        var models = body.Objects("models", limits.Models).Select(m => Model.Read(m, limits)).ToArray();
        body.Close();
        var values = models.Sum(m => (long)(m.Var?.Length ?? 0));
        if (values > limits.Values) body.Fault("models", "values-too-many", $"the models hold {values} values of VaR; one request takes {limits.Values}");
        if (body.Faults.Count > 0 || returns is null || alpha is null) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var model in models)
        {
            if (!names.Add(model.Name!)) model.Body.Fault("name", "model-duplicate", $"model '{model.Name}' stands twice in the list");
        }

        RiskSeries?[] series = [.. models.Select(m => m.Series(body, returns))];
        return body.Faults.Count > 0 ? null : new(alpha.Value, seed, [.. series.OfType<RiskSeries>()]);
    }

    private sealed record Model(ObjectReader Body, string? Name, double[]? Var, double[]? Es, double[]? Sigma, double[]? Pit)
    {
        public static Model Read(ObjectReader body, ApiLimits limits)
        {
            var model = new Model(
                body,
                body.Text("name", limits.TextLength, required: true),
                body.Numbers("var", limits.Rows, missing: true, required: true),
                body.Numbers("es", limits.Rows, missing: true),
                body.Numbers("sigma", limits.Rows, missing: true),
                body.Numbers("pit", limits.Rows, missing: true));
            body.Close();
            return model;
        }

        /// <summary>A refusal points at the value that it is about.</summary>
        public RiskSeries? Series(ObjectReader whole, double[] returns)
        {
            try
            {
                return RiskSeries.Of(Name!, returns, Var, Es, Sigma, Pit);
            }
            catch (ForecastException e)
            {
                var place = e.Index is { } row ? $"/{row}" : "";
                if (e.Field is "return") whole.Fault($"returns{place}", e.Code, e.Message);
                else Body.Fault($"{e.Field}{place}", e.Code, e.Message);
                return null;
            }
        }
    }
}

/// <summary>A request for VaR and expected shortfall that can be worked on; the tails are the levels of the forecasts behind it.</summary>
internal sealed record RiskForecastInput(ForecastInput Forecast, ReturnKind Kind, IReadOnlyList<double>? Weights, Dependence Dependence, int Paths)
{
    private const int DefaultPaths = 20_000;
    private static readonly double[] DefaultTails = [0.01, 0.025];

    /// <summary>Numbers that the draws of one request may hold.</summary>
    private const long MostDraws = 20_000_000;

    /// <summary>Reads the body of <c>POST /v1/risk/forecasts</c>.</summary>
    public static RiskForecastInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits)
    {
        var kind = body.Word("returns", "simple", "simple", "log");
        var weights = body.Numbers("weights", limits.Series, missing: false);
        var dependence = body.Word("dependence", "copula", "copula", "independent", "comonotone");
        var paths = body.Integer("paths", 1_000, 100_000) ?? DefaultPaths;
        var forecast = ForecastInput.Read(body, catalogue, limits, b => TailsOf(b, limits));
        if (forecast is null || body.Faults.Count > 0) return null;
        var (series, horizon) = (forecast.Ids.Count, forecast.Request.Task.Horizon);
        if (weights is not null && weights.Length != series) body.Fault("weights", "weights-length", $"{weights.Length} weights for {series} series");
        else if (weights is not null && Array.TrueForAll(weights, w => w == 0)) body.Fault("weights", "weights-zero", "every weight is 0: such a portfolio has no risk");
        if (series * (long)paths * horizon > MostDraws) body.Fault("paths", "paths-too-many", $"{paths} paths of {horizon} steps for {series} series are more than {MostDraws} numbers; ask for fewer");
        return body.Faults.Count > 0 ? null : new(
            forecast,
            kind == "log" ? ReturnKind.Log : ReturnKind.Simple,
            weights,
            dependence switch { "independent" => Dependence.Independent, "comonotone" => Dependence.Comonotone, _ => Dependence.Copula },
            paths);
    }

    private static IReadOnlyList<double> TailsOf(ObjectReader body, ApiLimits limits)
    {
        var before = body.Faults.Count;
        if (body.Numbers("alphas", limits.Levels, missing: false) is not { } tails || body.Faults.Count > before) return DefaultTails;
        for (var i = 0; i < tails.Length; i++)
        {
            if (!(tails[i] is > 0 and <= 0.5)) body.Fault($"alphas/{i}", "alpha-invalid", $"tail {tails[i]:R} is not above 0 and at most 0.5; 0.01 is a VaR of 99 %");
            else if (i > 0 && tails[i] <= tails[i - 1]) body.Fault($"alphas/{i}", "alpha-order", $"tails must ascend without repeats; {tails[i]:R} follows {tails[i - 1]:R}");
        }

        return tails;
    }
}
