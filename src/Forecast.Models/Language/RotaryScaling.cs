using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>
/// Rotary position embeddings (Su et al. 2021) and the ways to stretch them to longer contexts. The angle of position p in pair i is
/// p w_i with w_i = theta^(-2i/e), e = head width, before scaling; all in float32, as the published networks were trained.
/// </summary>
internal abstract record RotaryScaling
{
    /// <summary>Reads <c>rope_scaling</c> (or the newer <c>rope_parameters</c>) of a configuration.</summary>
    /// <param name="config">The whole configuration.</param>
    /// <param name="longest"><c>max_position_embeddings</c>.</param>
    /// <exception cref="Forecast.Core.ForecastException">A way that is not known here, or a bad number.</exception>
    public static RotaryScaling Read(ConfigKeys config, int longest)
    {
        var key = config.Has("rope_scaling") ? "rope_scaling" : "rope_parameters";
        if (!config.Has(key)) return new Plain();
        var keys = config.Inner(key);
        var kind = keys.Text("rope_type", keys.Text("type", "default"));
        var original = keys.Count("original_max_position_embeddings", longest);
        return kind switch
        {
            "default" => new Plain(),
            "linear" => new Linear(Factor()),
            "dynamic" => new Dynamic(Factor(), original),
            "llama3" => new Llama3(Factor(), keys.Number("low_freq_factor", 1), keys.Number("high_freq_factor", 4), original),
            "yarn" => new Yarn(Factor(), keys.Number("beta_fast", 32), keys.Number("beta_slow", 1), original, keys.Number("attention_factor", (0.1 * Math.Log(Factor())) + 1)),
            _ => throw keys.Wrong("rope_type", $"is '{kind}'; known are default, linear, dynamic, llama3 and yarn"),
        };

        double Factor() => keys.Number("factor", double.NaN) is >= 1 and var factor ? factor : throw keys.Wrong("factor", "is missing or below 1");
    }

    /// <summary>What cosine and sine are multiplied by.</summary>
    public virtual double Magnitude => 1;

    /// <summary>How many times the configured longest context may be used.</summary>
    public virtual double Reach => 1;

    /// <summary>w, [e / 2] float32.</summary>
    /// <param name="width">e.</param>
    /// <param name="theta">The base.</param>
    /// <param name="length">Positions of the whole sequence.</param>
    public abstract Tensor Frequencies(int width, double theta, long length);

    private protected static Tensor Unscaled(int width, double theta) =>
        1.0 / pow(full([1], theta, ScalarType.Float32), arange(0, width, 2, ScalarType.Int64).to(ScalarType.Float32) / width);

    /// <summary>Angles as they are.</summary>
    internal sealed record Plain : RotaryScaling
    {
        public override Tensor Frequencies(int width, double theta, long length) => Unscaled(width, theta);
    }

    /// <summary>w / factor.</summary>
    internal sealed record Linear(double Factor) : RotaryScaling
    {
        public override Tensor Frequencies(int width, double theta, long length) => Unscaled(width, theta) / Factor;
    }

    /// <summary>Beyond the trained length L the base grows: theta (factor n / L - (factor - 1))^(e / (e - 2)) for n positions.</summary>
    internal sealed record Dynamic(double Factor, int Original) : RotaryScaling
    {
        public override double Reach => Factor;

        public override Tensor Frequencies(int width, double theta, long length)
        {
            var stretch = (Factor * Math.Max(length, Original) / Original) - (Factor - 1);
            return Unscaled(width, theta * Math.Pow(stretch, width / (width - 2.0)));
        }
    }

    /// <summary>
    /// Waves longer than L / low are stretched by the factor, those shorter than L / high are kept, and between the two the share of
    /// the kept one rises linearly in L / wavelength.
    /// </summary>
    internal sealed record Llama3(double Factor, double Low, double High, int Original) : RotaryScaling
    {
        public override Tensor Frequencies(int width, double theta, long length)
        {
            var plain = Unscaled(width, theta);
            var waves = Original * plain / (2 * Math.PI);
            var kept = ((waves - Low) / (High - Low)).clamp(0, 1);
            return ((1 - kept) * plain / Factor) + (kept * plain);
        }
    }

    /// <summary>YaRN (Peng et al. 2023): pairs that turn often within the trained length are kept, those that turn rarely are stretched.</summary>
    internal sealed record Yarn(double Factor, double Fast, double Slow, int Original, double Attention) : RotaryScaling
    {
        public override double Magnitude => Attention;

        public override Tensor Frequencies(int width, double theta, long length)
        {
            double Pair(double turns) => width * Math.Log(Original / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
            var low = Math.Max(Math.Floor(Pair(Fast)), 0);
            var high = Math.Min(Math.Ceiling(Pair(Slow)), width - 1);
            var plain = Unscaled(width, theta);
            var stretched = ((arange(0, width / 2, 1, ScalarType.Int64).to(ScalarType.Float32) - low) / Math.Max(high - low, 0.001)).clamp(0, 1);
            return (plain / Factor * stretched) + (plain * (1 - stretched));
        }
    }
}
