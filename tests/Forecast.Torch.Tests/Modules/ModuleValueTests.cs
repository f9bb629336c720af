using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Modules;

/// <summary>Every module: keys of its state, outputs, gradients and changed buffers are PyTorch's.</summary>
public class ModuleValueTests
{
    public static TheoryData<string> Cases => [.. ModuleCases.Names];

    [Fact]
    public void Every_stored_case_is_tried() => ModuleCases.Names.ShouldBe(NnValues.Names("modules"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_double_precision(string name) => Check(name, ScalarType.Float64, TestDevice.IsCuda ? 1e-9 : 1e-11);

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_single_precision(string name) => Check(name, ScalarType.Float32, TestDevice.IsCuda ? 2e-4 : 2e-5);

    private static void Check(string name, ScalarType type, double tolerance)
    {
        if (TestDevice.IsCuda)
        {
            // Float32 means float32 here: TensorFloat-32 has ten bits.
            backends.cudnn.allow_tf32 = false;
            backends.cuda.matmul.allow_tf32 = false;
        }

        using var scope = NewDisposeScope();
        var stored = NnValues.Case("modules", name);
        var (module, call) = ModuleCases.Make(name);
        using var owned = module;
        module.to(TestDevice.Device, type);
        var state = stored.GetProperty("state").EnumerateObject().ToDictionary(p => p.Name, p => NnValues.Tensor(p.Value, type));
        NestedKeys(module.state_dict().Keys).ShouldBe(NestedKeys(state.Keys), name);
        module.load_state_dict(state);
        if (name.EndsWith("_eval", StringComparison.Ordinal) || name == "batchnorm1d_untracked") module.eval();

        // cuDNN goes backward through recurrent layers in training mode only, in PyTorch as well.
        var backward = !(TestDevice.IsCuda && name == "lstm_dropout_eval");
        NnValues.Run(stored, call, type, tolerance, name, backward);

        if (backward && stored.TryGetProperty("grads", out var gradients))
        {
            var parameters = module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            foreach (var gradient in gradients.EnumerateObject())
            {
                using var actual = parameters[gradient.Name].grad;
                actual.ShouldNotBeNull(gradient.Name);
                actual.ShouldBePacked(gradient.Value, tolerance, $"{name}: gradient of {gradient.Name}");
            }
        }

        if (!stored.TryGetProperty("after", out var after)) return;
        var changed = module.state_dict();
        foreach (var entry in after.EnumerateObject()) changed[entry.Name].ShouldBePacked(entry.Value, tolerance, $"{name}: {entry.Name} after");
    }

    /// <summary>Keys in order.</summary>
    private static string NestedKeys(IEnumerable<string> keys) => string.Join(' ', keys);
}
