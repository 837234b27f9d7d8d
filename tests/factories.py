"""Factories of the core records; each app adds its own in ``tests/<app>/factories.py``."""

import factory
from factory.django import DjangoModelFactory

from core.models import Agency, District, Region, Service, User, Village
from core.services import assign_role, save_agency

# Every factory-made member of staff signs in with it.
PASSWORD = "sandi-uji-yang-panjang"


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "35.26"
    name = "Bangkalan"
    kind = Region.Kind.REGENCY


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District

    region = factory.SubFactory(RegionFactory)
    code = factory.Sequence(lambda n: f"35.26.{n:02}")
    name = factory.Sequence(lambda n: f"Kecamatan {n}")


class VillageFactory(DjangoModelFactory):
    class Meta:
        model = Village

    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"35.26.01.{2000 + n}")
    name = factory.Sequence(lambda n: f"Desa {n}")
    kind = Village.Kind.RURAL


class AgencyFactory(DjangoModelFactory):
    """Saved through the service, so the path and the name history are right."""

    class Meta:
        model = Agency

    parent = None
    region = factory.Maybe("parent", factory.SelfAttribute("parent.region"), factory.SubFactory(RegionFactory))
    code = factory.Sequence(lambda n: f"opd-{n}")
    name = factory.Sequence(lambda n: f"Dinas Nomor {n}")
    short_name = factory.Sequence(lambda n: f"Dinas {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return save_agency(model_class(*args, **kwargs))


def officers_agency(region):
    """The agency of the cast's officer; made unless it stands already (``stand`` in tests/conftest.py)."""
    known = Agency.objects.filter(region=region, code="dpupr").first()
    return known or AgencyFactory(region=region, code="dpupr", name="Dinas Pekerjaan Umum", short_name="DPUPR")


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    agency = factory.SubFactory(AgencyFactory)
    code = factory.Sequence(lambda n: f"layanan-{n}")
    name = factory.Sequence(lambda n: f"Layanan Nomor {n}")

    class Params:
        internal = factory.Trait(audience=Service.Audience.INTERNAL)


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in and holds no role."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"pegawai{n}")
    name = factory.LazyAttribute(lambda user: user.username.replace("_", " ").title())
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.go.id")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    """``grants=[(role, region_or_agency), …]``; Wagtail groups follow from ``assign_role``."""

    class Meta:
        skip_postgeneration_save = True

    @factory.post_generation
    def grants(self, create, extracted, **kwargs):
        for role, scope in extracted or []:
            key = "region" if isinstance(scope, Region) else "agency"
            assign_role(user=self, role=role, **{key: scope})
