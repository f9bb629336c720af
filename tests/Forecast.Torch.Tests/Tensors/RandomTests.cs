using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

public class RandomTests
{
    private static readonly Dictionary<string, Func<Generator, Tensor>> Draws = new(StringComparer.Ordinal)
    {
        ["rand"] = g => rand(2, 3, generator: g),
        ["randn"] = g => randn([20], float64, generator: g),
        ["randint"] = g => randint(-3, 8, [6], generator: g),
        ["randint_below"] = g => randint(5, [6], generator: g),
        ["randperm"] = g => randperm(7, generator: g),
        ["normal"] = g => normal(1.5, 2.0, [5], generator: g),
        ["normal_tensors"] = g => normal(arange(4, float32), ones(4), g),
        ["bernoulli"] = g => bernoulli(full(8, 0.3), g),
        ["multinomial"] = g => multinomial(tensor(new[] { 0.1f, 0.6f, 0.3f }), 6, true, g),
        ["poisson"] = g => poisson(full(6, 3.5), g),
        ["standard_gamma"] = g => _standard_gamma(full([4], 2.5, float64), g),
        ["normal_"] = g => zeros(4).normal_(1, 3, g),
        ["uniform_"] = g => zeros(4).uniform_(-2, 2, g),
        ["exponential_"] = g => zeros(4).exponential_(1.5, g),
        ["bernoulli_"] = g => zeros(8).bernoulli_(0.4, g),
        ["bernoulli_tensor"] = g => zeros(3).bernoulli_(tensor(new[] { 0.1, 0.5, 0.9 }), g),
    };

    public static TheoryData<string> Names => [.. Draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_draws_PyTorchs_numbers_on_the_CPU(string name)
    {
        // How a stream of bits becomes numbers has changed between versions of libtorch.
        var made = Oracle.OracleFile.Core.Torch;
        Assert.SkipUnless(made.StartsWith(__version__[..(__version__.LastIndexOf('.') + 1)], StringComparison.Ordinal), $"the values are those of PyTorch {made}");
        using var generator = new Generator(42);
        var expected = Oracle.OracleFile.Core.Draws[name];
        var drawn = Draws[name](generator);
        drawn.dtype.ShouldBe(expected.ScalarType());
        drawn.ShouldBeNear(expected.Shape, expected.Numbers(), 1e-6, name);
    }

    [Fact]
    public void Both_sides_have_the_same_draws() =>
        Draws.Keys.Order(StringComparer.Ordinal).ShouldBe(Oracle.OracleFile.Core.Draws.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_saved_state_draws_the_same_again()
    {
        using var generator = new Generator(7, TestDevice.Device);
        generator.initial_seed().ShouldBe(7);
        rand(3, device: TestDevice.Device, generator: generator);
        using var state = generator.get_state();
        var first = randn(9, device: TestDevice.Device, generator: generator).Numbers();
        generator.set_state(state);
        randn(9, device: TestDevice.Device, generator: generator).Numbers().ShouldBe(first);
        generator.manual_seed(7);
        randn(9, device: TestDevice.Device, generator: generator).Numbers().ShouldNotBe(first);
        generator.Dispose();
        generator.Dispose();
        Should.Throw<ObjectDisposedException>(() => generator.get_state());
    }

    [Fact]
    public void Likes_take_type_and_device_of_their_model()
    {
        var x = zeros(2, 3, float64, TestDevice.Device);
        rand_like(x).dtype.ShouldBe(float64);
        randn_like(x).shape.ShouldBe([2, 3]);
        x.randn_like(float32).dtype.ShouldBe(float32);
        rand_like(x).device_type.ShouldBe(TestDevice.Device.type);
    }
}

/// <summary>The process-wide generator: alone, since any other test may draw from it.</summary>
[Collection(nameof(Alone))]
public class GlobalSeedTests
{
    [Fact]
    public void A_global_seed_repeats_itself_on_every_device()
    {
        using var own = manual_seed(11);
        var first = randn(5, device: TestDevice.Device).Numbers();
        using var state = get_rng_state();
        manual_seed(11);
        randn(5, device: TestDevice.Device).Numbers().ShouldBe(first);
        initial_seed().ShouldBe(11);
        set_rng_state(state);
        get_rng_state().Numbers().ShouldBe(state.Numbers());
        torch.random.seed().ShouldNotBe(11);
        cuda.manual_seed_all(3);
    }

    [Fact]
    public void Threads_are_set_and_told()
    {
        var before = get_num_threads();
        set_num_threads(2);
        get_num_threads().ShouldBe(2);
        set_num_threads(before);
        get_num_interop_threads().ShouldBeGreaterThan(0);
        EngineInfo.Deterministic.ShouldBeFalse();
        EngineInfo.Deterministic = true;
        are_deterministic_algorithms_enabled().ShouldBeTrue();
        EngineInfo.Deterministic = false;
        var tf32 = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = !tf32;
        backends.cuda.matmul.allow_tf32.ShouldBe(!tf32);
        backends.cuda.matmul.allow_tf32 = tf32;
    }
}
