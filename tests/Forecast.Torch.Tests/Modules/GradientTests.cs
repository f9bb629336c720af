using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Modules;

/// <summary>Gradients of modules and losses against central differences in double precision.</summary>
public class GradientTests
{
    private const double Step = 1e-6;

    public static TheoryData<string> Cases => ["linear", "conv1d_strided", "layernorm", "groupnorm", "batchnorm1d", "lstm", "gru", "attention_masks", "gelu", "softplus", "nested"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_a_module(string name)
    {
        using var scope = NewDisposeScope();
        var stored = NnValues.Case("modules", name);
        var (module, call) = ModuleCases.Make(name);
        using var owned = module;
        module.to(TestDevice.Device, ScalarType.Float64);
        module.load_state_dict(stored.GetProperty("state").EnumerateObject().ToDictionary(p => p.Name, p => NnValues.Tensor(p.Value)));
        var inputs = stored.GetProperty("inputs").EnumerateArray().Select(i => NnValues.Tensor(i)).ToArray();
        inputs[0].requires_grad = true;

        NnValues.Weighted(call(inputs))!.backward();
        CheckEntries(inputs[0], "input");
        foreach (var (key, parameter) in module.named_parameters()) CheckEntries(parameter, key);

        void CheckEntries(Tensor tensor, string what)
        {
            var gradient = tensor.grad!.Numbers();
            using var _ = no_grad();
            var flat = tensor.view(-1);

            // A handful of entries of each tensor: the values against PyTorch's cover the rest.
            for (long i = 0; i < flat.numel(); i += Math.Max(1, flat.numel() / 5))
            {
                using var inner = NewDisposeScope();
                var entry = flat.select(0, i);
                entry.add_((Scalar)Step);
                var up = NnValues.Weighted(call(inputs))!.ToDouble();
                entry.sub_((Scalar)(2 * Step));
                var down = NnValues.Weighted(call(inputs))!.ToDouble();
                entry.add_((Scalar)Step);
                var slope = (up - down) / (2 * Step);
                gradient[i].ShouldBe(slope, 1e-6 * Math.Max(1, Math.Abs(slope)), $"{name}: {what}[{i}]");
            }
        }
    }
}
