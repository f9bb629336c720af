using System.Globalization;
using System.Text.Json.Serialization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Baselines;
using Forecast.Models.Lstm;
using Forecast.Models.Numerics;
using Forecast.Models.Training;

namespace Forecast.Models.LstmMdn;

/// <summary>One trained network.</summary>
/// <param name="Filter">What its returns are scaled by.</param>
/// <param name="Weights">By name.</param>
/// <param name="Log">How it was trained.</param>
public sealed record LstmMdnNetwork(VolatilityFilter Filter, Dictionary<string, float[]> Weights, TrainingLog Log);

/// <summary>What training gave for one series.</summary>
/// <param name="Shape">Of the networks.</param>
/// <param name="Lookback">Days that they read.</param>
/// <param name="Unknown">Weight of what no network has learned.</param>
/// <param name="Members">The networks.</param>
/// <param name="Observations">Returns trained on.</param>
public sealed record LstmMdnParameters(MixtureShape Shape, int Lookback, double Unknown, IReadOnlyList<LstmMdnNetwork> Members, int Observations)
{
    private readonly Lazy<PlainNetwork[]> _networks = new(() => [.. Members.Select(m => new PlainNetwork(Shape, m.Weights))]);

    [JsonIgnore]
    internal PlainNetwork[] Networks => _networks.Value;
}

/// <summary>A recurrent network whose output is a Gaussian mixture for the next return. See the folder's README.</summary>
/// <example><c>lstm-mdn(2)</c>, <c>lstm-mdn(2){regularise: 0.1}</c>, <c>lstm-mdn(3)</c>, <c>lstm-mdn(2){preset: robust}</c>.</example>
public sealed class LstmMdnForecaster(LstmMdnOptions options, string name) : LocalForecaster<LstmMdnParameters>, IForecaster
{
    private readonly LstmMdnOptions _options = (options ?? throw new ArgumentNullException(nameof(options))).Validated();

    public override string Name => name;

    string? IForecaster.EngineOn(string device) => TorchDevice.Describe(device);

    protected override LstmMdnParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(context);
        var device = TorchDevice.Open(context.Device);
        var returns = BaselineSeries.Checked(history);
        var scales = _options.Scales;
        var shape = new MixtureShape(scales[0] == VolatilityScale.None ? 1 : 2, _options.Hidden, 1, _options.Dense, 1, _options.Components, _options.Rectified, _options.Link);
        var members = new LstmMdnNetwork[_options.Seeds];
        for (var s = 0; s < Math.Min(scales.Count, members.Length); s++)
        {
            var filter = VolatilityFilter.Fit(scales[s], returns, history.Id, context.Cancellation);
            var training = new MixtureTraining(_options, shape, new MixtureWindows(returns, filter, _options.Lookback, shape.Features, history.Id), device, name);
            for (var i = s; i < members.Length; i += scales.Count)
            {
                var (weights, log) = training.Run(Seeds.Derive(context.Seed, "network", i.ToString(CultureInfo.InvariantCulture)), Part(context, i));
                members[i] = new LstmMdnNetwork(filter, weights, log);
            }
        }

        return new LstmMdnParameters(shape, _options.Lookback, _options.Unknown, members, BaselineSeries.Observed(returns));
    }

    protected override PredictiveDistribution PredictSeries(LstmMdnParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var returns = BaselineSeries.Checked(history);
        if (returns.Length < parameters.Lookback)
            throw new ForecastException("series-too-short", $"series '{history.Id}' has {returns.Length} rows; '{name}' reads the last {parameters.Lookback}", "data", history.Id);
        var states = new MixtureState[parameters.Members.Count];
        for (var i = 0; i < states.Length; i++) states[i] = new MixtureState(parameters, i, returns);
        var own = Seeds.Derive(seed, "lstm-mdn", history.Id);
        SamplePaths Simulate(int count) => MixturePaths.Draw(states, count, horizon, own);
        var shared = new Lazy<SamplePaths>(() => Simulate(_options.Paths));
        var marginals = new IMarginal[horizon];
        marginals[0] = MixtureState.Law(states);
        for (var k = 1; k < horizon; k++)
        {
            var step = k + 1;
            marginals[k] = new DrawnMarginal(() => shared.Value.Step(step));
        }

        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, Simulate);
    }

    protected override FitSummary Summarize(LstmMdnParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        TrainingLog[] logs = [.. parameters.Members.Select(m => m.Log)];
        return new FitSummary
        {
            Parameters = Describe(parameters),
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["training_loss"] = logs.Average(l => l.Best.Loss),
                ["validation_loss"] = logs.Average(l => l.Best.ValidationLoss),
                ["epochs"] = logs.Max(l => l.Epochs[^1].Epoch),
            },
            Paths = logs.SelectMany((log, i) => new[]
            {
                KeyValuePair.Create($"training_loss_{(i + 1).ToString(CultureInfo.InvariantCulture)}", log.Epochs.Select(e => e.Loss).ToArray()),
                KeyValuePair.Create($"validation_loss_{(i + 1).ToString(CultureInfo.InvariantCulture)}", log.Epochs.Select(e => e.ValidationLoss).ToArray()),
            }).ToDictionary(StringComparer.Ordinal),
            Notes = [.. logs.Select(l => l.Describe())],
            Observations = parameters.Observations,
        };
    }

    /// <summary>The scales, each once, and the size of a network.</summary>
    private static Dictionary<string, double> Describe(LstmMdnParameters parameters)
    {
        Dictionary<string, double> all = new(StringComparer.Ordinal) { ["weights"] = parameters.Members[0].Weights.Values.Sum(w => w.Length) };
        var number = 0;
        foreach (var filter in parameters.Members.Select(m => m.Filter).Distinct())
        {
            var suffix = number == 0 ? "" : $"_{(number + 1).ToString(CultureInfo.InvariantCulture)}";
            (all[$"mu{suffix}"], all[$"omega{suffix}"], all[$"alpha1{suffix}"], all[$"gamma1{suffix}"], all[$"beta1{suffix}"]) = (filter.Mu, filter.Omega, filter.Alpha, filter.Gamma, filter.Beta);
            number++;
        }

        return all;
    }

    /// <summary>The progress of one network as that of all.</summary>
    private FitContext Part(FitContext context, int network) => context.Progress is { } whole ? context with { Progress = new PartProgress(whole, network, _options.Seeds) } : context;
}
